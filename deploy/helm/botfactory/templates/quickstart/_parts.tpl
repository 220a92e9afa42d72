{{- /* The parts of a trial: what each is made of, who may call it, and where it may go. */ -}}
{{- define "botfactory.parts" -}}
{{- $quick := .Values.quickstart -}}
nats: { ports: [4222, 8222], from: [ingress, bots, ai, conversation, provision, doctor, audit, quarantine, repair, backup], to: [] }
mongodb: { ports: [27017], from: [bots, ai, conversation, web, doctor, audit, repair], to: [] }
keycloak: { ports: [8084], to: [web] }
{{- if $quick.telegram.enabled }}
telegram: { ports: [8082], to: [ingress] }
{{- end }}
{{- if $quick.gemini.enabled }}
gemini: { ports: [8083], to: [] }
{{- end }}
{{- end -}}

{{- /* A Service in front of a part: (dict "root" $ "part" "nats" "ports" (list 4222)) */ -}}
{{- define "botfactory.partService" }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "botfactory.fullname" .root }}-{{ .part }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "botfactory.labels" (dict "root" .root "component" .part) | nindent 4 }}
spec:
  selector: {{- include "botfactory.selector" (dict "root" .root "component" .part) | nindent 4 }}
  ports:
    {{- range .ports }}
    - { name: tcp-{{ . }}, port: {{ . }} }
    {{- end }}
{{- end }}

{{- /* The claim that keeps a part's data over restarts and upgrades. */ -}}
{{- define "botfactory.partClaim" -}}
- metadata: { name: data, labels: {{ include "botfactory.selector" (dict "root" .root "component" .part) | fromYaml | toJson }} }
  spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: {{ .storage }} } } }
{{- end -}}

{{- define "botfactory.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Labels that select everything of this release. */ -}}
{{- define "botfactory.releaseSelector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* Labels that select the pods of one component: (dict "root" $ "component" "bots") */ -}}
{{- define "botfactory.selector" -}}
{{ include "botfactory.releaseSelector" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "botfactory.labels" -}}
{{ include "botfactory.selector" . }}
app.kubernetes.io/part-of: botfactory
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | trunc 63 | trimAll "-_." | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* The five, in the order of a message's way. */ -}}
{{- define "botfactory.services" -}}
[ingress, conversation, ai, bots, web]
{{- end -}}

{{- define "botfactory.port" -}}
{{- get (dict "ingress" 8080 "bots" 50051 "ai" 50052 "conversation" 50053 "web" 8080) . -}}
{{- end -}}

{{- define "botfactory.adminPort" -}}9090{{- end -}}

{{- /* One service's values: its own over the defaults. (dict "root" $ "service" "bots") */ -}}
{{- define "botfactory.of" -}}
{{- mergeOverwrite (deepCopy .root.Values.defaults) (get .root.Values.services .service | default dict) | toYaml -}}
{{- end -}}

{{- /* "true" for the services of gRPC when they show each other certificates: (dict "root" $ "service" "bots") */ -}}
{{- define "botfactory.hasCertificate" -}}
{{- and .root.Values.mtls.enabled (has .service (list "bots" "ai" "conversation" "web")) -}}
{{- end -}}

{{- /* The Secret with a service's certificate: (dict "root" $ "service" "bots" "of" <its values>) */ -}}
{{- define "botfactory.tlsSecret" -}}
{{- .of.tlsSecret | default (printf "%s-%s-tls" (include "botfactory.fullname" .root) .service) -}}
{{- end -}}

{{- define "botfactory.image" -}}
{{- $image := .root.Values.image -}}
{{ $image.repository }}/{{ .name }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ with get $image.digests .name }}@{{ . }}{{ end }}
{{- end -}}

{{- define "botfactory.secretName" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-trial" (include "botfactory.fullname" .)) -}}
{{- end -}}

{{- /* What a pod and a container may do under PodSecurity "restricted". */ -}}
{{- define "botfactory.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "botfactory.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* Waiting updates that are too many for one process of conversation: twice what it answers side by side. */ -}}
{{- define "botfactory.waitingLimit" -}}
{{- mul 2 (int .Values.replies.turnsAtOnce) -}}
{{- end -}}

{{- /* One address for all NATS servers' monitoring ports, for KEDA. */ -}}
{{- define "botfactory.natsMonitoringEndpoint" -}}
{{- .Values.nats.monitoringService | default (first .Values.nats.monitoringUrls) -}}
{{- end -}}

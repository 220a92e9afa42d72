{{- /* Where a pod's images come from and where it may run, of one service's values: (dict "root" $ "of" <its values>) */ -}}
{{- define "botfactory.podScheduling" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- range $field := list "nodeSelector" "tolerations" "affinity" }}
{{- with get $.of $field }}
{{ $field }}: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* A certificate authority of the cluster's own, whom services believe beside the public ones. */ -}}
{{- define "botfactory.trustedCaEnvironment" }}
{{- if .Values.trustedCa.configMap }}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/trusted-ca/{{ .Values.trustedCa.key }} }
{{- end }}
{{- end -}}

{{- define "botfactory.trustedCaMount" }}
{{- if .Values.trustedCa.configMap }}
- { name: trusted-ca, mountPath: /etc/trusted-ca, readOnly: true }
{{- end }}
{{- end -}}

{{- define "botfactory.trustedCaVolume" }}
{{- if .Values.trustedCa.configMap }}
- { name: trusted-ca, configMap: { name: {{ .Values.trustedCa.configMap }} } }
{{- end }}
{{- end -}}

{{- /* Where a NetworkPolicy lets pods go: (dict "root" $ "edge" "nats") */ -}}
{{- define "botfactory.egress" }}
{{- $edge := get .root.Values.networkPolicy.egress .edge }}
- ports:
    {{- range $edge.ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- if eq $.edge "dns" }}
    - { port: {{ . }}, protocol: UDP }
    {{- end }}
    {{- end }}
  {{- with $edge.to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

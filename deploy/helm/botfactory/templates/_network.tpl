{{- /* The pods of one component of this release: (dict "root" $ "component" "nats") */ -}}
{{- define "botfactory.peer" -}}
podSelector: { matchLabels: {{ include "botfactory.selector" . | fromYaml | toJson }} }
{{- end -}}

{{- /* Where a NetworkPolicy lets pods go; in a trial to a part of the release: (dict "root" $ "edge" "nats") */ -}}
{{- define "botfactory.egress" }}
{{- $parts := ternary (include "botfactory.parts" .root | fromYaml) dict .root.Values.quickstart.enabled }}
{{- if hasKey $parts .edge }}
- to: [{ {{ include "botfactory.peer" (dict "root" .root "component" .edge) }} }]
{{- else }}
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
{{- end }}

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
    {{- range concat $edge.ports (include "botfactory.addressPorts" . | fromYamlArray) | uniq }}
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

{{- /* The ports that the addresses of an edge name, or their schemes stand for: (dict "root" $ "edge" "nats") */ -}}
{{- define "botfactory.addressPorts" -}}
{{- $values := .root.Values -}}
{{- $addresses := dict "nats" (prepend $values.nats.monitoringUrls $values.nats.url) "mongodb" (list (regexReplaceAll "^([a-z+]+://[^/?]*).*$" $values.mongodb.url "${1}")) "keycloak" (list $values.keycloak.url) "telegram" (list $values.telegram.apiRoot) "gemini" (list $values.gemini.baseUrl) "telemetry" (list $values.telemetry.otlpEndpoint) -}}
{{- $usual := dict "nats" 4222 "tls" 4222 "mongodb" 27017 "http" 80 "https" 443 -}}
{{- $ports := list -}}
{{- range get $addresses .edge | join "," | splitList "," | compact -}}
{{- $scheme := ternary (splitList "://" . | first) "" (contains "://" .) -}}
{{- $host := regexReplaceAll "^[a-z+]+://" . "" | regexFind "^[^/?]+" -}}
{{- with regexFind ":[0-9]+$" $host | trimPrefix ":" -}}
{{- $ports = append $ports (int .) -}}
{{- else -}}
{{- with get $usual $scheme }}{{ $ports = append $ports . }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toYaml $ports -}}
{{- end -}}

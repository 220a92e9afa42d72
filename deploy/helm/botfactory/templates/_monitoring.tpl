{{- /* Selects the series of the five services by name: others' names may end like ours. */ -}}
{{- define "botfactory.ownServices" -}}
service=~"{{ include "botfactory.fullname" . }}-({{ include "botfactory.services" . | fromYamlArray | join "|" }})"
{{- end -}}

{{- /* Queries of files/ with this release's own selection and numbers: (dict "root" $ "text" .expr) */ -}}
{{- define "botfactory.queries" -}}
{{- $services := include "botfactory.ownServices" .root -}}
{{- $ours := printf "namespace=%q,%s" .root.Release.Namespace $services -}}
{{- .text | replace "<ours>" $ours | replace "<waitingLimit>" (include "botfactory.waitingLimit" .root) -}}
{{- end -}}

{{- /* A dashboard's file; the namespace is chosen in Grafana. (dict "root" $ "text" <JSON>) */ -}}
{{- define "botfactory.dashboard" -}}
{{- .text | replace "<services>" (include "botfactory.ownServices" .root | replace "\"" "\\\"") -}}
{{- end -}}

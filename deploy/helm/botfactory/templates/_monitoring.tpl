{{- /* Selects the series of the five services by name: others' names may end like ours. */ -}}
{{- define "botfactory.ownServices" -}}
service=~"{{ include "botfactory.fullname" . }}-({{ include "botfactory.services" . | fromYamlArray | join "|" }})"
{{- end -}}

{{- /* Queries of files/ with this release's own selection and numbers: (dict "root" $ "text" .expr) */ -}}
{{- define "botfactory.queries" -}}
{{- $services := include "botfactory.ownServices" .root -}}
{{- $namespace := printf "namespace=%q" .root.Release.Namespace -}}
{{- $words := dict "ours" (printf "%s,%s" $namespace $services) "namespace" $namespace "fullname" (include "botfactory.fullname" .root) "waitingLimit" (include "botfactory.waitingLimit" .root) "backupWithin" (.root.Values.backup.alertAfterSeconds | int | toString) -}}
{{- $text := .text -}}
{{- range $word, $value := $words }}{{ $text = replace (printf "<%s>" $word) $value $text }}{{ end -}}
{{- $text -}}
{{- end -}}

{{- /* A dashboard's file, with this release's own series, title and id: (dict "root" $ "text" <JSON>) */ -}}
{{- define "botfactory.dashboard" -}}
{{- $release := printf "%s/%s" .root.Release.Namespace (include "botfactory.fullname" .root) -}}
{{- $ours := printf "namespace=%q,%s" .root.Release.Namespace (include "botfactory.ownServices" .root) | replace "\"" "\\\"" -}}
{{- .text | replace "<ours>" $ours | replace "<release>" $release | replace "<id>" (sha256sum $release | trunc 8) -}}
{{- end -}}

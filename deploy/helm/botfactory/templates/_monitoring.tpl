{{- /* Selects this release's series, by namespace and services: others' names may end like ours. */ -}}
{{- define "botfactory.ourSeries" -}}
namespace={{ .Release.Namespace | quote }},service=~"{{ include "botfactory.fullname" . }}-({{ include "botfactory.services" . | fromYamlArray | join "|" }})"
{{- end -}}

{{- /* Queries of files/ with this release's own selection and numbers: (dict "root" $ "text" .expr) */ -}}
{{- define "botfactory.queries" -}}
{{- $words := dict "ours" (include "botfactory.ourSeries" .root) "namespace" (printf "namespace=%q" .root.Release.Namespace) "fullname" (include "botfactory.fullname" .root) "waitingLimit" (include "botfactory.waitingLimit" .root) "backupWithin" (.root.Values.backup.alertAfterSeconds | int | toString) -}}
{{- $text := .text -}}
{{- range $word, $value := $words }}{{ $text = replace (printf "<%s>" $word) $value $text }}{{ end -}}
{{- $text -}}
{{- end -}}

{{- /* A dashboard's file, with this release's own series, title and id: (dict "root" $ "text" <JSON>) */ -}}
{{- define "botfactory.dashboard" -}}
{{- $release := printf "%s/%s" .root.Release.Namespace (include "botfactory.fullname" .root) -}}
{{- $ours := include "botfactory.ourSeries" .root | replace "\"" "\\\"" -}}
{{- .text | replace "<ours>" $ours | replace "<release>" $release | replace "<id>" (sha256sum $release | trunc 8) -}}
{{- end -}}

{{- /* The environment of a service, as docs/configuration.md names it: (dict "root" $ "service" "bots" "of" <its values>) */ -}}
{{- define "botfactory.environment" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $quick := $values.quickstart -}}
{{- $full := include "botfactory.fullname" $root -}}
{{- $secret := .of.existingSecret | default (include "botfactory.secretName" $root) -}}
{{- $needs := get (include "botfactory.needs" $root | fromYaml) .service -}}
- { name: PORT, value: {{ include "botfactory.port" .service | quote }} }
- { name: ADMIN_PORT, value: {{ include "botfactory.adminPort" . | quote }} }
- { name: LOG_LEVEL, value: {{ $values.logLevel | quote }} }
{{- if has "nats" $needs }}
{{- include "botfactory.natsEnvironment" (dict "root" $root "secret" $secret) }}
{{- end }}
{{- if has "mongodb" $needs }}
{{- $url := ternary (printf "mongodb://%s-mongodb:27017/botfactory_{service}" $full) $values.mongodb.url $quick.enabled | replace "{service}" .service }}
{{- if $values.mongodb.usersSecret }}
{{- include "botfactory.setting" (dict "name" "MONGODB_URL" "value" "" "secret" $values.mongodb.usersSecret "key" .service) }}
{{- else }}
{{- include "botfactory.setting" (dict "name" "MONGODB_URL" "value" $url "secret" $secret) }}
{{- end }}
{{- end }}
{{- if has "keycloak" $needs }}
- { name: KEYCLOAK_URL, value: {{ include "botfactory.keycloakUrl" $root | quote }} }
- { name: KEYCLOAK_REALM, value: {{ $values.keycloak.realm | quote }} }
- { name: KEYCLOAK_CLIENT_ID, value: {{ $values.keycloak.clientId | quote }} }
{{- end }}
{{- if has "telegram" $needs }}
- { name: TELEGRAM_API_ROOT, value: {{ ternary (printf "http://%s-telegram:8082" $full) $values.telegram.apiRoot (and $quick.enabled $quick.telegram.enabled) | quote }} }
{{- end }}
{{- range $peer := list "bots" "ai" "conversation" }}
{{- if has $peer $needs }}
- { name: {{ upper $peer }}_URL, value: "dns:///{{ $full }}-{{ $peer }}-pods:{{ include "botfactory.port" $peer }}" }
{{- end }}
{{- end }}
{{- range $name := list "SERVICE_AUTH_KEY" "KEY_ENCRYPTION_KEY" "SESSION_SECRET" "KEYCLOAK_CLIENT_SECRET" "GOOGLE_API_KEY" }}
{{- if has $name $needs }}
{{- include "botfactory.setting" (dict "name" $name "value" "" "secret" $secret) }}
{{- end }}
{{- end }}
{{- if eq (include "botfactory.hasCertificate" .) "true" }}
{{- range $name, $file := dict "CERT" "tls.crt" "KEY" "tls.key" "CA" "ca.crt" }}
- { name: TLS_{{ $name }}_FILE, value: /run/tls/{{ $file }} }
{{- end }}
{{- end }}
{{- if eq .service "bots" }}
{{- with ternary (printf "http://%s-ingress:8080" $full) $values.webhookBaseUrl (and $quick.enabled (not $values.webhookBaseUrl)) }}
- { name: WEBHOOK_BASE_URL, value: {{ . | quote }} }
{{- end }}
{{- with $values.plans }}
- { name: PLANS, value: {{ toJson . | quote }} }
{{- end }}
{{- if $quick.enabled }}
- { name: LOCAL_MODE, value: "true" }
{{- end }}
{{- end }}
{{- if eq .service "ai" }}
- { name: GEMINI_RPM, value: {{ $values.gemini.requestsPerMinute | int | quote }} }
- { name: GEMINI_RPD, value: {{ $values.gemini.requestsPerDay | int | quote }} }
{{- with $values.gemini.model }}
- { name: GEMINI_MODEL, value: {{ . | quote }} }
{{- end }}
{{- with ternary (printf "http://%s-gemini:8083" $full) $values.gemini.baseUrl (and $quick.enabled $quick.gemini.enabled) }}
- { name: GEMINI_BASE_URL, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- if eq .service "conversation" }}
- { name: TURNS_AT_ONCE, value: {{ $values.replies.turnsAtOnce | int | quote }} }
- { name: SEND_ON_DOUBT, value: {{ $values.replies.onDoubt | quote }} }
- { name: TELEGRAM_TIMEOUT_SECONDS, value: {{ $values.telegram.timeoutSeconds | int | quote }} }
{{- end }}
{{- if eq .service "web" }}
- { name: PUBLIC_URL, value: {{ $values.publicUrl | quote }} }
{{- end }}
{{- with $values.telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- include "botfactory.trustedCaEnvironment" $root }}
{{- range (include "botfactory.extraEnv" . | fromYamlArray) }}
- {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* The defaults' further variables and a service's own, which come in their place where they have the same name: (dict "root" $ "service" "bots") */ -}}
{{- define "botfactory.extraEnv" -}}
{{- $own := (get .root.Values.services .service | default dict).extraEnv | default list -}}
{{- $names := list -}}
{{- range $own }}{{ $names = append $names .name }}{{ end -}}
{{- $all := list -}}
{{- range .root.Values.defaults.extraEnv }}{{ if not (has .name $names) }}{{ $all = append $all . }}{{ end }}{{ end -}}
{{- concat $all $own | toYaml -}}
{{- end -}}

{{- /* Variables that are not there while the value is empty, by the value that sets them. */ -}}
{{- define "botfactory.valuesOfVariables" -}}
PLANS: plans
WEBHOOK_BASE_URL: webhookBaseUrl
GEMINI_MODEL: gemini.model
GEMINI_BASE_URL: gemini.baseUrl
OTEL_EXPORTER_OTLP_ENDPOINT: telemetry.otlpEndpoint
NATS_MONITORING_URL: nats.monitoringUrls
NATS_REPLICAS: nats.replicas
NODE_EXTRA_CA_CERTS: trustedCa
{{- end -}}

{{- /* What each service is configured with and, by that, what it may reach. */ -}}
{{- define "botfactory.needs" -}}
ingress: [nats]
bots: [nats, mongodb, keycloak, telegram, SERVICE_AUTH_KEY, KEY_ENCRYPTION_KEY]
ai: [nats, mongodb, keycloak, gemini, SERVICE_AUTH_KEY, GOOGLE_API_KEY]
conversation: [nats, mongodb, keycloak, telegram, bots, ai, SERVICE_AUTH_KEY, KEY_ENCRYPTION_KEY]
web: [mongodb, keycloak, bots, ai, conversation, SESSION_SECRET, KEYCLOAK_CLIENT_SECRET]
{{- end -}}

{{- /* The Secret with the seeds of the NATS users; nothing where everybody is the same user. */ -}}
{{- define "botfactory.natsUsersSecret" -}}
{{- if not .Values.quickstart.enabled }}
{{- .Values.nats.usersSecret }}
{{- else if .Values.quickstart.nats.users }}
{{- printf "%s-nats-users" (include "botfactory.fullname" .) }}
{{- end }}
{{- end -}}

{{- /* Everybody the table of NATS users knows. */ -}}
{{- define "botfactory.natsUsers" -}}
{{- $users := list -}}
{{- range .Files.Get "files/nats-accounts.json" | fromJson }}{{ range .users }}{{ $users = append $users .user }}{{ end }}{{ end -}}
{{- toYaml $users -}}
{{- end -}}

{{- /* The account with the log: that of `botfactory nats-users`, or NATS's own for who has no accounts. */ -}}
{{- define "botfactory.natsAccount" -}}
{{- .Values.nats.account | default (ternary "BOTFACTORY" "$G" (ne (include "botfactory.natsUsersSecret" .) "")) }}
{{- end -}}

{{- /* The seed of a NATS user, as a file for whoever is that user alone: (dict "root" $ "user" "bots") */ -}}
{{- define "botfactory.natsUserVolume" -}}
- { name: nats-user, secret: { secretName: {{ include "botfactory.natsUsersSecret" .root }}, items: [{ key: {{ .user }}.{{ include "botfactory.natsUserFile" .root }}, path: seed }] } }
{{- end -}}

{{- /* How the files of NATS users end. */ -}}
{{- define "botfactory.natsUserFile" -}}
{{- get (dict "nkey" "nk" "creds" "creds") .Values.nats.userFiles -}}
{{- end -}}

{{- define "botfactory.natsUserMount" -}}
- { name: nats-user, mountPath: /etc/nats-user, readOnly: true }
{{- end -}}

{{- define "botfactory.natsEnvironment" -}}
{{- $values := .root.Values -}}
{{- $full := include "botfactory.fullname" .root -}}
{{- $quick := $values.quickstart.enabled -}}
{{- $url := ternary (printf "nats://%s-nats:4222" $full) $values.nats.url $quick }}
{{- if include "botfactory.natsUsersSecret" .root }}
{{- $file := printf "?%s=/etc/nats-user/seed" $values.nats.userFiles }}
{{- $url = printf "%s%s" (replace "," (printf "%s," $file) $url) $file }}
{{- end }}
{{- include "botfactory.setting" (dict "name" "NATS_URL" "value" $url "secret" .secret) }}
- { name: NATS_SYNC, value: {{ $values.nats.sync | quote }} }
{{- with ternary (printf "http://%s-nats:8222" $full) (join "," $values.nats.monitoringUrls) $quick }}
- { name: NATS_MONITORING_URL, value: {{ . | quote }} }
{{- end }}
{{- with $values.nats.replicas }}
- { name: NATS_REPLICAS, value: {{ . | int | quote }} }
{{- end }}
{{- end -}}

{{- /* A variable by its value, or out of a Secret: (dict "name" … "value" … "secret" … "key" <its name there, when it is another>) */ -}}
{{- define "botfactory.setting" }}
{{- if .value }}
- { name: {{ .name }}, value: {{ .value | quote }} }
{{- else }}
- { name: {{ .name }}, valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key | default .name }} } } }
{{- end }}
{{- end -}}

{{- /* A name that browsers know as this machine, and that pods of this namespace find as the pod "keycloak" of the Service "localhost". */ -}}
{{- define "botfactory.keycloakUrl" -}}
{{- ternary "http://keycloak.localhost:8084" .Values.keycloak.url .Values.quickstart.enabled -}}
{{- end -}}

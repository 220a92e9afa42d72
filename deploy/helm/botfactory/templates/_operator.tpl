{{- /* What each command of the operator's program is configured with and, by that, what it may reach; and as which NATS user. */ -}}
{{- define "botfactory.operatorCommands" -}}
doctor: { user: auditor, needs: [nats, mongodb, keycloak, telegram, gemini, GOOGLE_API_KEY, BOT_TOKEN_FILE] }
audit: { user: auditor, needs: [nats, mongodb, quotas] }
quarantine: { user: auditor, needs: [nats] }
backups: { needs: [backups] }
repair: { user: administrator, needs: [nats, mongodb, backups, KEY_ENCRYPTION_KEY] }
backup: { user: backup, needs: [nats, backups] }
{{- end -}}

{{- /* The pod of one command, which ends with it: (dict "root" $ "name" "doctor" "command" <its words> "resources" …) */ -}}
{{- define "botfactory.operatorPod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $needs := (get (include "botfactory.operatorCommands" $root | fromYaml) .name).needs -}}
{{- $mounts := include "botfactory.operatorMounts" . | trim -}}
metadata:
  labels: {{- include "botfactory.labels" (dict "root" $root "component" .name) | nindent 4 }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ include "botfactory.fullname" $root }}-operator
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext: {{- include "botfactory.podSecurity" (dict "user" 1000) | nindent 4 }}
  {{- with include "botfactory.podScheduling" (dict "root" $root "of" $values.defaults) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "botfactory.image" (dict "root" $root "name" "operator") }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      securityContext:
        {{- include "botfactory.containerSecurity" $root | nindent 8 }}
        readOnlyRootFilesystem: true
      env: {{- include "botfactory.operatorEnvironment" (dict "root" $root "needs" $needs "command" .command) | trim | nindent 8 }}
      resources: {{- toYaml .resources | nindent 8 }}
      {{- with $mounts }}
      volumeMounts:
        {{- . | nindent 8 }}
      {{- end }}
  {{- if $mounts }}
  volumes:
    {{- include "botfactory.operatorVolumes" . | trim | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "botfactory.operatorEnvironment" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $quick := $values.quickstart -}}
{{- $full := include "botfactory.fullname" $root -}}
{{- $secret := $values.operator.existingSecret | default (include "botfactory.secretName" $root) -}}
# What a Job that is made by hand can change: docs/operations/operator.md.
- { name: BOTFACTORY_COMMAND, value: {{ .command | quote }} }
{{- if has "nats" .needs }}
{{- include "botfactory.natsEnvironment" (dict "root" $root "secret" $secret) }}
{{- end }}
{{- if has "mongodb" .needs }}
{{- if $values.mongodb.usersSecret }}
- { name: MONGODB_URL, valueFrom: { secretKeyRef: { name: {{ $values.mongodb.usersSecret }}, key: operator, optional: true } } }
{{- else }}
{{- $url := ternary (printf "mongodb://%s-mongodb:27017/botfactory_{service}" $full) $values.mongodb.url $quick.enabled }}
{{- include "botfactory.setting" (dict "name" "MONGODB_URL" "value" $url "secret" $secret) }}
{{- end }}
{{- end }}
{{- if has "keycloak" .needs }}
- { name: KEYCLOAK_URL, value: {{ include "botfactory.keycloakUrl" $root | quote }} }
- { name: KEYCLOAK_REALM, value: {{ $values.keycloak.realm | quote }} }
{{- end }}
{{- if has "telegram" .needs }}
- { name: TELEGRAM_API_ROOT, value: {{ ternary (printf "http://%s-telegram:8082" $full) $values.telegram.apiRoot (and $quick.enabled $quick.telegram.enabled) | quote }} }
{{- end }}
{{- if has "BOT_TOKEN_FILE" .needs }}
- { name: BOT_TOKEN_FILE, value: /etc/bot-token/token }
{{- end }}
{{- if has "gemini" .needs }}
{{- with $values.gemini.model }}
- { name: GEMINI_MODEL, value: {{ . | quote }} }
{{- end }}
{{- with ternary (printf "http://%s-gemini:8083" $full) $values.gemini.baseUrl (and $quick.enabled $quick.gemini.enabled) }}
- { name: GEMINI_BASE_URL, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- if has "quotas" .needs }}
- { name: GEMINI_RPM, value: {{ $values.gemini.requestsPerMinute | int | quote }} }
- { name: GEMINI_RPD, value: {{ $values.gemini.requestsPerDay | int | quote }} }
{{- end }}
{{- range $name := list "KEY_ENCRYPTION_KEY" "GOOGLE_API_KEY" }}
{{- if has $name $.needs }}
- { name: {{ $name }}, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $name }}, optional: true } } }
{{- end }}
{{- end }}
{{- include "botfactory.trustedCaEnvironment" $root }}
{{- range $values.defaults.extraEnv }}
- {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "botfactory.operatorMounts" }}
{{- $command := get (include "botfactory.operatorCommands" .root | fromYaml) .name }}
{{- if and (has "nats" $command.needs) (include "botfactory.natsUsersSecret" .root) }}
{{- include "botfactory.natsUserMount" .root | nindent 0 }}
{{- end }}
{{- if has "BOT_TOKEN_FILE" $command.needs }}
- { name: bot-token, mountPath: /etc/bot-token, readOnly: true }
{{- end }}
{{- if and (has "backups" $command.needs) .root.Values.backup.existingClaim }}
- { name: backups, mountPath: /backups{{ ternary ", readOnly: true" "" (ne .name "backup") }} }
{{- end }}
{{- include "botfactory.trustedCaMount" .root }}
{{- end -}}

{{- define "botfactory.operatorVolumes" }}
{{- $command := get (include "botfactory.operatorCommands" .root | fromYaml) .name }}
{{- if and (has "nats" $command.needs) (include "botfactory.natsUsersSecret" .root) }}
{{- if eq $command.user "administrator" }}
# There only while it is needed. A pod that waited for it would run long after somebody wanted it: without it the command fails at once.
- { name: nats-user, secret: { secretName: {{ .root.Values.operator.administratorSecret }}, optional: true, items: [{ key: administrator.{{ include "botfactory.natsUserFile" .root }}, path: seed }] } }
{{- else }}
{{- include "botfactory.natsUserVolume" (dict "root" .root "user" $command.user) | nindent 0 }}
{{- end }}
{{- end }}
{{- if has "BOT_TOKEN_FILE" $command.needs }}
- { name: bot-token, secret: { secretName: {{ .root.Values.operator.botTokenSecret }}, optional: true } }
{{- end }}
{{- if and (has "backups" $command.needs) .root.Values.backup.existingClaim }}
- { name: backups, persistentVolumeClaim: { claimName: {{ .root.Values.backup.existingClaim }} } }
{{- end }}
{{- include "botfactory.trustedCaVolume" .root }}
{{- end -}}

{{- /* Where one command may go; nobody may come: (dict "root" $ "name" "doctor") */ -}}
{{- define "botfactory.operatorPolicy" }}
{{- $names := dict "root" .root "component" .name }}
{{- if .root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "botfactory.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "botfactory.labels" $names | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "botfactory.selector" $names | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "botfactory.egress" (dict "root" .root "edge" "dns") | nindent 4 }}
    {{- range $need := (get (include "botfactory.operatorCommands" .root | fromYaml) .name).needs }}
    {{- if hasKey $.root.Values.networkPolicy.egress $need }}
    {{- include "botfactory.egress" (dict "root" $.root "edge" $need) | nindent 4 }}
    {{- end }}
    {{- end }}
{{- end }}
{{- end -}}

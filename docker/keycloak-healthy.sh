# Succeeds when Keycloak, at the port given, has the realm. Its image has no curl, but bash can ask by itself.
exec 3<>/dev/tcp/127.0.0.1/"$1"
printf 'GET /realms/botfactory HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
IFS= read -r -d '' answer <&3
[[ $answer == *'"realm":"botfactory"'* ]]

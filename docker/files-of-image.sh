#!/bin/sh
# Prints the files of ours that an image holds besides what npm installs, from the repository's root:
#   docker/files-of-image.sh <workspace> <the image's node_modules/.package-lock.json>
# A service: its bundle, and the console's pages. A tool: what it and the packages of ours that it needs were compiled to.
set -eu
if [ -d "$1/bundle" ]; then
	set -- "$1/bundle" "$1/client/dist"
else
	set -- docker/keycloak $(node -p "Object.values(JSON.parse(fs.readFileSync('$2')).packages).flatMap((one) => one.link ? one.resolved : []).join(' ')")
fi
for folder; do
	[ ! -d "$folder" ] || find "$folder" -name node_modules -prune -o -type f \
		\( -path '*/dist/*' -o -path '*/bundle/*' -o -path '*/chat-page/*' -o -name '*realm.json' \) \
		! -name '*.d.ts' ! -name '*.map' ! -name '.tsbuildinfo' ! -path 'packages/crash-points/dist/armed.js' \
		! -path '*/bundle/metafiles.json' ! -path '*/.vite/*' -print
done

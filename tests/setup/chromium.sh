#!/usr/bin/env bash
# The end-to-end tests drive a real Chromium: CHROMIUM_PATH, one on PATH, or Debian's package where we may install it.
set -euo pipefail
[ -n "${CHROMIUM_PATH:-}" ] && [ -x "$CHROMIUM_PATH" ] && exit 0
for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null && exit 0; done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing Chromium (about a minute)"
	log=$(mktemp)
	DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-noto-color-emoji fonts-dejavu-core' >"$log" 2>&1 && exit 0
	tail -n 20 "$log" >&2
fi
echo "error: no Chromium here. Install Chromium or Chrome, or name its program in CHROMIUM_PATH." >&2
exit 1

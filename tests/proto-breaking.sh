#!/usr/bin/env bash
# Released contracts may only grow: compares proto/ with the newest release tag, or with the commit before where there is none.
set -euo pipefail
top=$(git rev-parse --show-toplevel)
base=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || git rev-parse --verify --quiet HEAD^)
cd "$top/proto"
buf breaking --against "$top/.git#ref=$base,subdir=proto"

#!/usr/bin/env bash
# Builds the checkout of another version beside the cache's other programs and prints where it is: tests/chaos/other-version.sh <git ref>
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
commit=$(git rev-parse --verify --quiet "${1:?say FROM=<tag, branch or commit>}^{commit}") || {
	echo "there is no version $1: say FROM=<tag, branch or commit>" >&2
	exit 2
}
checkout=${BOTFACTORY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/botfactory}/versions/$commit
if [ ! -d "$checkout" ]; then
	git worktree prune
	git worktree add --quiet --detach "$checkout" "$commit" >&2
fi
echo "building version ${commit:0:7} (about a minute at first)" >&2
make -C "$checkout" build >&2
echo "$checkout"

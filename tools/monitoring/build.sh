#!/usr/bin/env bash
# Builds prometheus and promtool as go.mod pins them, and the collector, into .botfactory/monitoring-tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v go >/dev/null || { echo "Prometheus and the collector are built with Go: install Go 1.26 (https://go.dev/dl)" >&2; exit 1; }
echo "building Prometheus and OpenTelemetry's collector with Go (once, some minutes)"
GOBIN=$(realpath ../..)/.botfactory/monitoring-tools
export GOBIN CGO_ENABLED=0
# Targets are named by a file here: without the clouds' ways to find them half as much is built. The web pages are left out.
go install -tags=netgo,remove_all_sd -ldflags="-s -w" tool
cd ../otel-collector
go install -ldflags="-s -w" .

#!/usr/bin/env bash
# Builds helm, helm-unittest, helm-docs and kubeconform, as go.mod pins them, into .botfactory/chart-tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v go >/dev/null || { echo "The chart's tools are built with Go: install Go 1.26 (https://go.dev/dl)" >&2; exit 1; }
echo "building helm and the other chart tools with Go (once, two to four minutes)"
# Built without these, helm takes the cluster for Kubernetes 1.20.
versions=
for package in lint/rules chartutil; do
	versions+=" -X helm.sh/helm/v3/pkg/$package.k8sVersionMajor=1 -X helm.sh/helm/v3/pkg/$package.k8sVersionMinor=34"
done
GOBIN=$(realpath ../..)/.botfactory/chart-tools CGO_ENABLED=0 go install -ldflags="-s -w$versions" tool

#!/usr/bin/env bash
# Lints, renders, validates and tests the chart with every values file; needs no cluster and no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
chart=deploy/helm/botfactory
tools=.botfactory/chart-tools
kubernetes=1.34.4
schemas=$tools/schemas-$kubernetes
# Kinds of other projects' operators: their schemas are not Kubernetes' own.
foreign=HTTPRoute,ExternalSecret,ScaledObject,ServiceMonitor,PrometheusRule,Certificate

# Helm tells of every symbolic link it follows.
helm() { "$tools/helm" "$@" 2> >(grep -v 'found symbolic link' >&2); }

if [ ! -d "$schemas" ]; then
	module=$(GOFLAGS=-mod=mod go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')
	node tools/chart/write-schemas.js "$module/api/openapi-spec/swagger.json" "$schemas"
fi

for values in "$chart"/values-*.yaml "$chart"/ci/*.yaml; do
	echo "chart: $values"
	helm lint --quiet --strict "$chart" -f "$values"
	helm template botfactory "$chart" -n botfactory -f "$values" >"$tools/rendered.yaml"
	helm template botfactory "$chart" -n botfactory -f "$values" | cmp - "$tools/rendered.yaml"
	"$tools/kubeconform" -strict -summary -skip "$foreign" \
		-schema-location "$schemas/{{.ResourceKind}}{{.KindSuffix}}.json" "$tools/rendered.yaml"
done
"$tools/helm-unittest" --strict "$chart" 2> >(grep -v 'found symbolic link' >&2)
"$tools/helm-docs" --chart-search-root deploy/helm --log-level warning
git diff --exit-code --stat -- "$chart/README.md"

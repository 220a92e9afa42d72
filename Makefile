# Everything a person does with this repository. `make` alone prints this list.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := node_modules/.bin
PATH := $(CURDIR)/$(BIN):$(PATH)
export PATH
# A test whose set-up failed may leave a server open; its report is written by then, and CI must not wait for ever.
JEST := NODE_OPTIONS="--experimental-vm-modules --no-warnings" jest --forceExit
CLIENT_SOURCES := $(shell find services/web/client/src services/web/client/index.html packages/phrases/src -type f 2>/dev/null)
BUNDLES := $(patsubst %/package.json,%/bundle/main.js,$(wildcard services/*/package.json tools/operator/package.json))
# What services and the operator are bundled from; the bundle of the operator is made last.
BUNDLED := node_modules/.package-lock.json tools/bundling proto/dist $(wildcard packages/*/dist services/*/dist tools/operator/dist tools/infrastructure/dist)
PROTO_SOURCES := $(shell find proto/botfactory -name '*.proto')

.PHONY: audit doctor licences help up down setup build bench chaos chaos-rolling chaos-upgrade fuzz test test-unit test-int test-e2e chaos-points chaos-away chaos-durability chaos-log chaos-cluster chaos-restore check chart-check monitoring-check cluster-test format golden lock events reference rebuild tunnel clean images images-test compose-test

help: ## Print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)$$/\1\t\2/' | while IFS=$$'\t' read -r name text; do printf '  \033[36m%-12s\033[0m %s\n' "$$name" "$$text"; done

up: build ## Set up and start everything (DETACH=1 returns when ready)
	@node tools/cli/dist/main.js up $(if $(DETACH),--detach)

down: ## Stop what `make up` started
	@node tools/cli/dist/main.js down

test: build browser ## Set up and run all tests; the last line is the total
	@rm -rf .botfactory/tests && mkdir -p .botfactory/tests; \
	$(JEST) --selectProjects unit --json --outputFile=.botfactory/tests/unit.json; unit=$$?; \
	$(JEST) --selectProjects int --maxWorkers=2 --json --outputFile=.botfactory/tests/int.json; int=$$?; \
	$(JEST) --selectProjects e2e --runInBand --json --outputFile=.botfactory/tests/e2e.json; e2e=$$?; \
	node tests/totals.js .botfactory/tests unit int e2e; exit $$((unit + int + e2e))

test-unit: generated ## Pure rules, seconds
	@$(JEST) --selectProjects unit

test-int: build ## One service with real neighbours, minutes
	@$(JEST) --selectProjects int --maxWorkers=2

test-e2e: build browser ## The whole product in Chromium, minutes
	@$(JEST) --selectProjects e2e --runInBand

bench: build ## Load and cost beside rivals, half an hour (ONLY=accept,delay ROUNDS=5 FULL=1); writes docs/benchmarks.md
	@tsc -b tests/bench/rivals && tsx --conditions=@botfactory/source tests/bench/main.ts

chaos-points: build ## Kill a process at every crash point (ONLY=wrk.afterSend), TIMES times each (20); prints what it cost
	@CRASH_POINT_TIMES=$(or $(TIMES),20) $(JEST) --selectProjects e2e --runInBand -t '$(ONLY)' -- tests/chaos/crash-points

chaos-durability: build ## Count NATS's fsyncs by strace while messages are acknowledged (N=500), half a minute
	@tsx --conditions=@botfactory/source tests/chaos/durability/main.ts

chaos-log: build ## Flip, cut, zero and remove files of the log's store, TIMES faults (200) from SEED: all noticed, nothing wrong served
	@LOG_FAULTS=$(or $(TIMES),200) $(JEST) --selectProjects int -- packages/event-store/tests/log-damage

chaos-cluster: build ## Kill servers of a three-server log under load (KILLS=10), first the log alone, then the whole product
	@KILLS=$(or $(KILLS),10) $(JEST) --selectProjects int -- tests/chaos/cluster.int
	@KILLS=$(or $(KILLS),10) $(JEST) --selectProjects e2e --runInBand -- tests/chaos/cluster.e2e

chaos: build ## Kill, stop and cut off everything under load, then judge by Telegram's ledger (N=10000 KILLS=50 SEEDS=1-20)
	@tsx --conditions=@botfactory/source tests/chaos/main.ts

fuzz: build ## Bad input of every kind, all of it (SEED=… ONLY=updates|events|replies|subjects|webhook|rpc|rest), an hour
	@rm -rf .botfactory/fuzz; FUZZ=full SEED=$(SEED) $(JEST) --selectProjects unit int e2e --runInBand -- tests/fuzz/$(ONLY)

chaos-rolling: build ## Restart every process by SIGTERM under load (ROUNDS=20): nothing lost, doubled or refused
	@ROUNDS=$${ROUNDS:-20} tsx --conditions=@botfactory/source tests/chaos/main.ts

chaos-upgrade: build ## Roll from another version (FROM=<git ref>) to this one, back and again under load (ROUNDS=3): nothing lost
	@FROM_CHECKOUT=$$(tests/chaos/other-version.sh $(FROM)) && export FROM_CHECKOUT && \
	ROUNDS=$${ROUNDS:-3} tsx --conditions=@botfactory/source tests/chaos/main.ts

chaos-away: build ## Take each dependency away under load, SECONDS each (60); prints who waited and for how long
	@AWAY_SECONDS=$(or $(SECONDS),60) $(JEST) --selectProjects e2e --runInBand -- tests/chaos/dependencies-away

chaos-restore: build ## Lose the whole log after a backup and restore it under the whole product (UPDATES=1000)
	@UPDATES=$(or $(UPDATES),1000) $(JEST) --selectProjects e2e --runInBand -- tests/chaos/restore

check: setup generated ## Format, lint, types, contracts: what CI refuses to merge without
	biome ci .
	cd proto && buf lint && buf format --diff --exit-code
	tests/proto-breaking.sh
	tsc -b
	node tools/cli/dist/main.js reference && git diff --exit-code --stat -- docs deploy/helm/botfactory/files deploy/keycloak
	node tools/lockfile/write-licences.js && git diff --exit-code --stat -- docs/licences.md
	node tools/lockfile/audit.js
	$(MAKE) --no-print-directory chart-check

cluster-test: build browser ## Install the chart into kubectl's cluster and upgrade, scale and kill it under load (HELM_ARGS="--set …"), 15 minutes
	@PATH=$(CURDIR)/.botfactory/chart-tools:$$PATH $(JEST) --selectProjects cluster --runInBand

images: ## Build all images of the commit HEAD by podman or docker, labelled, each with the list of its packages (TAG=dev NAMES="ai web")
	@node tools/images/build-images.js --tag '$(or $(TAG),dev)' $(NAMES)

images-test: build ## Build the images twice and run the product from them, on a read-only root and not as root, 10 minutes
	@$(JEST) --selectProjects images --runInBand -- tests/images

compose-test: build browser ## Bring docker/compose.yaml up from images of `make images`, use it and take it down (COMPOSE="docker compose")
	@$(JEST) --selectProjects images --runInBand -- tests/compose

chart-check: generated .botfactory/chart-tools/helm ## Lint, render, validate and test the Helm chart; needs no cluster
	tools/chart/check.sh
	@$(JEST) --selectProjects chart

.botfactory/chart-tools/helm: tools/chart/go.mod tools/chart/go.sum tools/chart/build.sh
	tools/chart/build.sh
	@touch $@

monitoring-check: build .botfactory/monitoring-tools/prometheus ## Alerts, metrics, dashboards and traces under Prometheus' and OpenTelemetry's own programs (ONLY=alerts|metrics|traces)
	@$(JEST) --selectProjects monitoring --runInBand -- tests/monitoring/$(ONLY)

.botfactory/monitoring-tools/prometheus: tools/monitoring/go.mod tools/monitoring/go.sum tools/monitoring/build.sh $(wildcard tools/otel-collector/*)
	tools/monitoring/build.sh
	@touch $@

format: setup ## Format and fix what tools can fix
	biome check --write .
	cd proto && buf format --write

golden: generated ## Add the golden file of a new event
	@tsx --conditions=@botfactory/source proto/tests/write-golden-events.ts

lock: ## Refresh package-lock.json after a change of dependencies
	npm install --ignore-scripts
	node tools/lockfile/complete-lockfile.js

licences: ## Write docs/licences.md; refuses a licence that is not allowed
	node tools/lockfile/write-licences.js

events: ## Print the running stack's event log as JSON, one event a line
	@node tools/cli/dist/main.js events

audit: build ## Read the whole log of the running stack and check its invariants
	@node tools/cli/dist/main.js audit

doctor: build ## Check every dependency: PASS or FAIL and the remedy (BOT_TOKEN_FILE=… to look at a bot too)
	@node tools/cli/dist/main.js doctor $(if $(BOT_TOKEN_FILE),--bot-token-file '$(BOT_TOKEN_FILE)')

reference: build ## Write what docs and chart have from contracts, schemas and tables
	@node tools/cli/dist/main.js reference

rebuild: ## Rebuild every read model of the running stack from the log
	@node tools/cli/dist/main.js rebuild

tunnel: ## Give the running stack a public HTTPS address (cloudflared or ngrok)
	@node tools/cli/dist/main.js tunnel

clean: ## Remove what was built here (not the data in .botfactory, not the cache)
	rm -rf node_modules proto/gen services/*/bundle tools/operator/bundle $$(find . -name dist -type d -not -path '*/node_modules/*')

setup: node_modules/.package-lock.json

node_modules/.package-lock.json: package-lock.json
	@echo "installing packages (about half a minute)"
	@npm ci --ignore-scripts --no-fund --no-audit
	@touch $@

.PHONY: generated browser
generated: proto/gen/.generated

proto/gen/.generated: node_modules/.package-lock.json proto/buf.gen.yaml $(PROTO_SOURCES)
	@cd proto && buf generate && touch gen/.generated

build: generated services/web/client/dist/index.html
	@tsc -b tsconfig.build.json
	@[ -z "$$({ ls $(BUNDLES) > /dev/null; find $(BUNDLED) -newer tools/operator/bundle/main.js -print -quit; } 2>&1)" ] \
	  || node tools/bundling/bundle-services.js

services/web/client/dist/index.html: node_modules/.package-lock.json $(CLIENT_SOURCES)
	@cd services/web/client && vite build --logLevel warn && touch dist/index.html

browser:
	@tests/setup/chromium.sh

# A thin front: what each command does is in libs/tooling/src/scripts. Names are a contract (docs/reference/commands.md).
.DEFAULT_GOAL := help
.PHONY: help doctor demo up dev env stop down test test-full build package new-consumer new-aggregate init plan apply destroy plan-summary e2e chaos check-aws bench bench-report bundle-report workflows release release-files
MAKEFLAGS += --no-print-directory

SCRIPTS := libs/tooling/src/scripts
# The Node that functions run on; npm installs it. Everything but the checks before that runs on it.
NODE := node_modules/.bin/node --disable-warning=ExperimentalWarning
RUN := $(NODE) $(SCRIPTS)/run.ts

# $(call ready,PROGRAMS): stops with one line if a program is missing or too old, then installs the packages.
define ready
	@command -v node >/dev/null || { echo "node: not found, install the LTS from https://nodejs.org/en/download" >&2; exit 1; }
	@node $(SCRIPTS)/preflight.cjs $(1)
endef

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9 -]+:.*## / { gsub(/[$$][$$]/, "$$", $$2); printf "make %-24s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

doctor: ## what this machine has of what is needed, and how to get the rest
	@node $(SCRIPTS)/doctor.cjs

demo: ## up, then one order placed, updated and traced until every consumer is done
	$(call ready,node npm terraform)
	@$(RUN) demo

up: ## installs, builds, starts the local cloud and deploys to it; again: applies what changed
	$(call ready,node npm terraform)
	@$(RUN) up

dev: ## up, then: what is saved is built and live at once, and what the functions log is printed, until Ctrl-C
	$(call ready,node npm terraform)
	@$(RUN) dev

env: ## lines for eval "$$(make -s env)": AWS tools and Terraform then talk to the local cloud
	$(call ready,node npm)
	@$(RUN) env

stop: ## stops the local cloud, keeps its state
	$(call ready,node npm)
	@$(RUN) stop

down: ## destroys the stack on the local cloud, then stops it
	$(call ready,node npm terraform)
	@$(RUN) down

test: ## the whole gate; last line "N passed, N failed"
	$(call ready,node npm java terraform)
	@$(RUN) test

test-full: ## test, then the stages that take long; ONLY=mutations|package|local-cloud-package|adopters-stack|upgrade|customer-key|new-consumer|evolution|interrupted|lifecycles|deploy-role|runbooks|chaos|outage for one of them
	$(call ready,node npm java terraform)
	@$(RUN) test-full

workflows: ## what CI does, here: every step of .github/workflows that needs no credentials, each job in a clean clone; WORKFLOW="ci.yml affected" for one
	$(call ready,node npm java terraform)
	@$(RUN) workflows

build: ## dist/apps/<app>/<app>.zip for every function
	$(call ready,node npm)
	@$(RUN) build

package: ## dist/transactional-outbox-aws-VERSION.tgz: the libraries, zips and Terraform modules for a service of one's own; dist/local-cloud-VERSION.tgz: the local cloud
	$(call ready,node npm)
	@$(RUN) package

release: ## VERSION=X.Y.Z into changelog and manifests; again, once that is committed: records the commit that upgrades are tested from
	$(call ready,node npm)
	@$(RUN) release

release-files: ## dist/release: the npm package, a zip per function, SHA256SUMS and notes of VERSION=X.Y.Z
	$(call ready,node npm)
	@$(RUN) release-files

new-consumer: ## writes a consumer's app and its entry in Terraform: NAME= POLICY=once|in-order|latest FORM=effect|complete|call ON=order or ON=order.Created,shipment.Booked
	$(call ready,node npm)
	@$(RUN) new-consumer

new-aggregate: ## writes an aggregate type with its events, and their contract: NAME=invoice EVENTS=Issued,Paid
	$(call ready,node npm)
	@$(RUN) new-aggregate

init plan apply destroy: ## Terraform against AWS, ENV=dev|prod (default dev)
	$(call ready,node npm terraform)
	@$(RUN) aws $@

plan-summary: ## a plan for reviewers and the policy's verdict: of the local stack, of ENV=dev|prod, or of PLAN=file; FORMAT=text|markdown
	$(call ready,node npm terraform)
	@$(RUN) plan-summary

e2e: ## the black-box suite, TARGET=local|aws (default local)
	$(call ready,node npm terraform)
	@$(RUN) e2e

chaos: ## orders under seeded faults, judged when all is quiet: SEED= ORDERS= FAULTS=; SCENARIO=outage: through outages of hours: OUTAGES= HOURS=
	$(call ready,node npm terraform)
	@$(RUN) chaos

bench: ## calls and orders per second on the local cloud, beside DynamoDB Local and VS=URL (another emulator); how long each hop takes, starts, memory, zips; SCENARIO=endurance ORDERS=: whether memory grows with the orders
	$(call ready,node npm java terraform)
	@$(RUN) bench

bench-report: ## bench, written to docs/performance.md; FROM=.local/bench.json: what the last one measured
	$(call ready,node npm java terraform)
	@$(RUN) bench-report

bundle-report: ## every byte of each function's bundle by package and library, its zip, and how long it takes to load
	$(call ready,node npm)
	@$(RUN) bundle-report

check-aws: ## what AWS does but doesn't document, seen on a real account: the probes of docs/assumptions.md; TARGET=local tries them here
	$(call ready,node npm)
	@$(RUN) check-aws

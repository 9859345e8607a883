# Everything a person or a CI machine does with this tree; `make help` lists it. CI's steps are these targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Steps that install packages must not meet.
.NOTPARALLEL:

# The first Python that is new enough; `make PYTHON=...` takes another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
# Node.js from the machine, or the one that `.ci/node` puts here where the machine's is too old.
export PATH := $(CURDIR)/build/node/bin:$(PATH)

# What Reelgate runs on this machine; what the demo's desktops are made of; what the tests need besides.
RUN_PACKAGES := ffmpeg tesseract-ocr tesseract-ocr-eng redis-server
DEMO_PACKAGES := tigervnc-standalone-server xrdp openbox xterm x11-xserver-utils fonts-dejavu-core
TEST_PACKAGES := $(DEMO_PACKAGES) chromium postgresql xdotool mousepad fonts-liberation openssl curl

# With more than one a core, what waits for a moment's answer waits too long on a busy machine.
SIDE_BY_SIDE ?= $(shell nproc)
PYTEST := $(BIN)/python -m pytest --durations=20 --durations-min=0.5

BENCHES := $(patsubst tests/bench/%.py,%,$(shell grep -l __main__ tests/bench/*.py 2>/dev/null))
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
WEB := $(if $(wildcard web/package.json),web/dist/index.html)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

.PHONY: setup
setup: packages $(BIN)/reelgate $(WEB) guacd ## Install what is missing to run Reelgate; leaves .venv/bin/reelgate

.PHONY: run
run: setup ## Run Reelgate in the foreground, without demo parts
	exec $(BIN)/reelgate up

.PHONY: demo
demo: setup ## Run Reelgate with two demo desktops, demo users and demo targets
	@.ci/packages $(DEMO_PACKAGES)
	exec $(BIN)/reelgate demo

.PHONY: check
check: setup ## Format, lint, strict types, import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(WEB),npm --prefix web run check)

.PHONY: test
test: setup setup-test ## Run the tests against real parts
	$(if $(WEB),npm --prefix web test)
	$(PYTEST) -n $(SIDE_BY_SIDE) --dist worksteal -m "not long"

.PHONY: test-long
test-long: setup setup-test ## Run what `make test` leaves out: the same faults at every other moment, one after the other
	$(PYTEST) -m long

.PHONY: setup-test
setup-test: packages
	@.ci/packages $(TEST_PACKAGES)

.PHONY: test-fresh
test-fresh: ## Prove the README on bare Debian 12 and 13 roots: check, test, demo, build (root, debootstrap; HEAD, not the working tree)
	@.ci/packages debootstrap
	.ci/fresh bookworm $(FRESH)
	.ci/fresh trixie $(FRESH)

# What test-fresh runs in each root (`setup` first, so that waiting for downloads is not waiting for the demo); `demo` starts it, waits until it is ready and ends it.
FRESH ?= setup demo check test

.PHONY: film
film: setup setup-test ## Make the README's film from the running product (docs/film.webp)
	$(BIN)/python -m tests.e2e.film

.PHONY: bench
bench: $(BENCHES:%=bench-%) ## Run every bench, each prints a table and writes JSON

.PHONY: bench-%
bench-%: setup ## Run one bench, e.g. make bench-render
	$(BIN)/python -m tests.bench.$*

.PHONY: docs
docs: setup ## Write docs/commands.md and docs/settings.md from the source
	$(BIN)/python -m gateway.reference

.PHONY: lock
lock: ## Pin the newest versions that fit pyproject.toml, with hashes: all, and what runs in containers
	$(PYTHON) -m venv build/uv
	build/uv/bin/pip install --quiet uv
	build/uv/bin/uv pip compile $(LOCK_OPTIONS) --upgrade --group dev -o requirements.lock pyproject.toml
	build/uv/bin/uv pip compile $(LOCK_OPTIONS) -c requirements.lock --group build -o requirements-run.lock pyproject.toml
	build/uv/bin/uv pip compile $(LOCK_OPTIONS) --upgrade --group node -o .ci/node.lock

# No addresses of package indexes in the files: where packages come from is each machine's own configuration.
LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# ---- steps of setup, each quick when there is nothing to do

.PHONY: packages
packages:
	@.ci/packages $(RUN_PACKAGES) $$("$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv)

.PHONY: guacd
guacd:
	@guacd/install

$(BIN)/reelgate: requirements.lock pyproject.toml | packages
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and not on PATH" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	PYTHON=$(PYTHON) .ci/node
	cd web && npm ci
	touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	touch $@

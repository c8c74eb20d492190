# Every target begins with what it needs; `make demo` and `make test` work on a fresh clone.
SHELL := bash
BIN := backend/.venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Bytecode is kept even where the environment forbids it: the tests start the program a
# hundred times, and each start would compile all of it again.
export PYTHONDONTWRITEBYTECODE :=
WEB := backend/src/zondarr/web
UI_SOURCES := $(shell find frontend/src frontend/static frontend/*.ts frontend/*.json -type f 2>/dev/null)
JOBS ?= 4
PORT ?= 8000
NODE := $(BIN)/node

.DEFAULT_GOAL := help
.PHONY: help setup demo run dev dev-api dev-ui test test-api test-ui test-e2e check check-backend check-ui contract bench build

help: ## what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## / — /'

setup: ## everything a fresh machine needs, inside this folder
	@scripts/setup

demo: $(WEB)/index.html ## the whole program with simulated servers behind it (PORT=8000)
	@zondarr demo --port $(PORT)

run: $(WEB)/index.html ## serve for your own servers (data/ keeps everything; PORT=8000)
	@SECRET_KEY_FILE=$${SECRET_KEY_FILE:-data/secret-key} zondarr serve --port $(PORT)

dev: $(WEB)/index.html ## API on :8000 and the UI, rebuilt as you type, on :5173
	@$(MAKE) --no-print-directory -j2 dev-api dev-ui

dev-api:
	@SECRET_KEY_FILE=$${SECRET_KEY_FILE:-data/secret-key} zondarr serve

dev-ui:
	@cd frontend && npm run dev

test: setup test-api test-ui test-e2e ## every test

test-api:
	cd backend && pytest -n $(JOBS) --dist worksteal -q
	cd simulators && pytest -n $(JOBS) --dist worksteal -q

test-ui: frontend/node_modules/.locked
	cd frontend && npm run --silent test

test-e2e: $(WEB)/index.html
	@scripts/setup browser
	cd frontend && npm run --silent size && npm run --silent e2e

check: frontend/node_modules/.locked contract ## format, lint, types, architecture, contract
	@$(MAKE) --no-print-directory --output-sync=target -j2 check-backend check-ui

check-backend:
	cd backend && ruff format --check . ../bench && ruff check . ../bench
	cd simulators && ruff format --check . && ruff check .
	cd backend && lint-imports
	cd backend && basedpyright
	cd simulators && basedpyright

check-ui:
	cd frontend && npm run --silent check

contract: frontend/node_modules/.locked # the UI's types are those of the API as it is
	@zondarr openapi > .tools/openapi.json
	@cd frontend && npm run --silent api -- ../.tools/openapi.json
	@git diff --exit-code --stat frontend/src/lib/api/schema.d.ts \
	  || { echo "The API has changed: commit the new frontend/src/lib/api/schema.d.ts."; exit 1; }

bench: $(WEB)/index.html ## the figures in the docs, measured anew
	@python bench/run.py

build: $(WEB)/index.html ## a wheel with the UI inside, proven in an empty environment
	@scripts/build

$(BIN)/.ready: backend/requirements-dev.lock backend/pyproject.toml simulators/pyproject.toml scripts/setup
	@scripts/setup backend
	@touch $@

frontend/node_modules/.locked: $(BIN)/.ready frontend/package-lock.json
	@scripts/setup frontend
	@touch $@

$(WEB)/index.html: frontend/node_modules/.locked $(UI_SOURCES)
	@echo "· building the UI" >&2; mkdir -p .tools
	@(cd frontend && npm run --silent build) >.tools/ui-build.log 2>&1 \
	  || { cat .tools/ui-build.log >&2; exit 1; }
	@rm -rf $(WEB) && cp -R frontend/build $(WEB)
	@touch $@

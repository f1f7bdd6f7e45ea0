# Two commands do everything: `make run` (the system with a demonstration county) and `make test` (all checks).
# Each step leaves a stamp, so that the second time costs nothing; after the first time no step needs a network.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# What a developer's shell may carry must not change what is run. Compiled Python files halve the start of every process.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV DJANGO_SETTINGS_MODULE PIP_REQUIRE_VIRTUALENV NODE_ENV
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export UV_NO_PROGRESS := 1
# Behind an inspecting proxy the system knows whom to trust; ask it.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1

V := .venv/bin
# uv is ten times faster; pip knows the mirror that a site has set up for it.
define install
$(V)/uv pip install --quiet --python $(V)/python --require-hashes -r $(1) || $(V)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
FRONTEND := $(shell find frontend/src -type f) frontend/vite.config.js frontend/fonts.js frontend/compress.js
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)
# Whole files go to one process: a module's fixtures are made once.
JOBS ?= auto
PYTEST := python -m pytest -q -n $(JOBS) --dist loadfile
TEST_HOME := $(CURDIR)/.cache/home

.PHONY: help setup setup-run run test thorough lint test-sqlite test-postgres bench soak guide check-docs messages reference lock clean

help:
	@echo "make run         start the system with a demonstration county on http://127.0.0.1:$(PORT)"
	@echo "make test        lint, then all tests on SQLite and on PostgreSQL"
	@echo "make thorough    the same, every law tried on ten times as many examples, new ones each time"
	@echo "make setup       install everything for both"
	@echo "make lint        style, types, floors, locks, texts"
	@echo "make bench       measure what we claim about speed"
	@echo "make soak        let 64 writers at once try both databases"
	@echo "make guide       show every part of the interface on http://127.0.0.1:8711"
	@echo "make check-docs  render official documents with LibreOffice, if there is one"
	@echo "make messages    collect texts for translation"
	@echo "make reference   write docs/reference anew from the program"
	@echo "make lock        resolve and pin all dependencies anew"
	@echo "make clean       remove everything that was built or installed; var/ stays"

# -- installing

.venv/uv.stamp: requirements-uv.txt
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 至 3.13（含 venv）：没有找到 python3.11、python3.12、python3.13 或 python3"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.venv/run.stamp: .venv/uv.stamp requirements.txt
	$(call install,requirements.txt)
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	$(call install,requirements-dev.txt)
	touch $@

# The project itself: editable, from what lies here, asking nobody.
.venv/project.stamp: .venv/run.stamp pyproject.toml tools/wheel.py
	$(V)/uv pip install --quiet --python $(V)/python --offline --no-index --no-deps --no-build-isolation -e .
	touch $@

frontend/node_modules/.stamp: frontend/package-lock.json .venv/run.stamp
	cd frontend && npm ci --silent --no-progress
	touch $@

frontend/dist/manifest.json: frontend/node_modules/.stamp $(FRONTEND)
	cd frontend && npm run --silent build
	touch $@

.cache/messages.stamp: .venv/run.stamp tools/messages.py $(CATALOGUES)
	python tools/messages.py compile
	mkdir -p .cache && touch $@

# A browser for the journeys: the system's, else the one npm carries.
.cache/browser.stamp: .venv/dev.stamp frontend/node_modules/.stamp tools/browser/package-lock.json tools/browser/unpack.js
	mkdir -p .cache
	python tools/browser/find.py --system || { cd tools/browser && npm ci --silent --no-progress && node unpack.js; }
	touch $@

setup-run: .venv/project.stamp frontend/dist/manifest.json .cache/messages.stamp
setup: setup-run .venv/dev.stamp .cache/browser.stamp

# -- running

run: setup-run
	$(V)/xingtan serve --demo --port $(PORT)

guide: setup
	python -m tests.ui.guide

# -- checking

# The database and the home of an installation on this machine must never be touched by tests.
test lint test-sqlite test-postgres bench soak check-docs guide messages reference: export DATABASE_URL :=
test lint test-sqlite test-postgres bench soak check-docs guide messages reference: export XINGTAN_HOME := $(TEST_HOME)
test lint test-sqlite test-postgres bench soak check-docs guide messages reference: export XINGTAN_DEMO :=

test: setup lint test-sqlite test-postgres

thorough: export XINGTAN_THOROUGH := 1
thorough: test

lint: setup
	ruff check .
	ruff format --check .
	mypy
	lint-imports --no-cache
	django-admin makemigrations --check --dry-run --settings xingtan.config.settings
	python tools/messages.py check
	python tools/locks.py

test-sqlite: setup
	$(PYTEST) $(ARGS)

test-postgres: setup
	python tools/pg_server.py $(PYTEST) $(ARGS)

bench: setup
	python -m benchmarks

soak: setup
	python -m benchmarks.soak
	python tools/pg_server.py python -m benchmarks.soak

check-docs: setup
	python tools/check_docs.py

messages: setup
	python tools/messages.py update

reference: setup
	python -m xingtan.pack.reference docs/reference
	python tools/commands.py

# -- pinning: the locks name versions and hashes, never the address of a registry

lock: .venv/uv.stamp
	$(V)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group node -o requirements.txt
	$(V)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group node --group dev --group bench -c requirements.txt -o requirements-dev.txt
	$(MAKE) .venv/run.stamp
	cd frontend && npm install --package-lock-only --silent
	cd tools/browser && npm install --package-lock-only --silent

clean:
	rm -rf .venv .cache frontend/node_modules frontend/dist frontend/fonts tools/browser/node_modules .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find locale -name '*.mo' -delete
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

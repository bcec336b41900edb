# Python 3.11 or newer and make are all that is needed. `make` lists the commands.

PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python
TEST_WORKERS ?= 2

# Nothing is written outside the virtual environment and DATA_DIR: neither pip's downloads nor Python's compiled files.
export PIP_CACHE_DIR ?= $(abspath $(VENV))/cache
run: export PYTHONPYCACHEPREFIX ?= $(abspath $(VENV))/compiled

# An operator's settings, to see whether Django finds them safe; no server is asked.
PRODUCTION := DATABASE_URL=postgresql://yardstick:secret@db.example.org/yardstick REDIS_URL=redis://redis.example.org \
  SECRET_KEY=$$(head -c 48 /dev/urandom | base64) \
  ENCRYPTION_KEYS=$$(head -c 32 /dev/urandom | base64 | tr '+/' '-_') SITE_URL=https://yardstick.example.org

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test bench lint format

help: ## list these commands
	@echo "Yardstick: how you compare with your competitors, from one command."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: $(VENV)/.runtime ## the virtual environment, with everything the product needs

setup-dev: $(VENV)/.dev ## the same, with everything the tests and gates need

run: setup ## engines, migrations, demo, web, worker and beat on http://127.0.0.1:8000 (PORT=… changes it)
	@exec $(RUN) manage.py up

test: setup-dev ## everything the tests need, then the tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  echo "No Chromium found, so the browser tests will be skipped. Debian, Ubuntu: apt install chromium. macOS: brew install --cask chromium"
	$(RUN) -m pytest -n $(TEST_WORKERS) --dist loadfile $(ARGS)

bench: setup-dev ## what is promised about speed, freshness and being right, measured side by side
	$(RUN) manage.py bench $(ARGS)

lint: setup-dev ## style, types, layers, migrations, production settings
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports
	$(RUN) -W ignore manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING

format: setup-dev ## put the code into its form
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Yardstick needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "This Python cannot make virtual environments. Debian, Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 2; }

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Yardstick needs into $(VENV) (once) …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests and gates need into $(VENV) (once) …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

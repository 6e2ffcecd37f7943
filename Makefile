# Overdracht: the two commands are `make demo` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN_OPTIONS ?=

.DEFAULT_GOAL := help
.PHONY: help install install-dev run demo test test-fast check lint types imports docs schemas schemas-check format bench reset \
	lock clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## everything on this machine, and a year of history imported before your eyes
	@exec $(BIN)/overdracht run --demo $(RUN_OPTIONS)

run: install ## everything on this machine: Kafka, PostgreSQL and the four services, until Ctrl-C
	@exec $(BIN)/overdracht run $(RUN_OPTIONS)

test: install-dev ## the whole suite, against a real Kafka and PostgreSQL of its own
	@$(BIN)/python -m deploy.embedded fetch
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

test-fast: install-dev ## rules and properties only: no engine, seconds
	@exec $(BIN)/python -m pytest tests/unit tests/property tests/contract

check: lint types imports docs schemas-check ## ruff, mypy strict, import contracts, generated documentation

lint: install-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: install-dev
	@$(BIN)/mypy

imports: install-dev
	@$(BIN)/lint-imports

docs: install-dev
	@$(BIN)/python -m schemas.readmes --check

schemas: install-dev ## write the contracts in schemas/ and the tables in the READMEs, from the code
	@$(BIN)/python -m schemas.readmes
	@$(BIN)/python -m schemas

schemas-check: install-dev
	@$(BIN)/python -m schemas --check

format: install-dev ## put the code in its one form, write the generated documentation
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/python -m schemas.readmes

bench: install-dev ## the product beside a bare pipeline in one run: one table, one JSON file
	@exec $(BIN)/python -m tests.bench $(BENCH_OPTIONS)

reset: install ## delete all data of `make run`; says what goes, and asks first
	@exec $(BIN)/overdracht reset

lock: install-dev ## new versions into the locks: exact, with hashes, without the address of an index
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url requirements.in --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url requirements-dev.in --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove what was installed and downloaded (not the data)
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .test-data

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 of nieuwer is nodig; wijs het aan met PYTHON=... · Python 3.11 or newer is needed; point PYTHON=... at it"; exit 3; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "De map .venv kon niet worden gemaakt (mist python3-venv?) · .venv could not be made (is python3-venv missing?)"; exit 3; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installeren in .venv · installing into .venv"
	@$(PIP) install --require-hashes -r requirements.lock || { \
		echo "Installeren lukte niet: zie de regel hierboven (netwerk, ruimte op de schijf of een verkeerd controlegetal) en geef dezelfde opdracht opnieuw · installing failed: see the line above, then give the same command again"; exit 3; }
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installeren wat testen nodig heeft · installing what testing needs"
	@$(PIP) install --require-hashes -r requirements-dev.lock || { \
		echo "Installeren lukte niet: zie de regel hierboven · installing failed: see the line above"; exit 3; }
	@touch $@

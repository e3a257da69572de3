# Needs Python 3.11 or newer, make and a POSIX shell; everything else is fetched, pinned by hash.
PYTHON ?= python3
export PYTHONSAFEPATH = 1
BIN = .venv/bin
# A stamp's name holds the checksum of what was installed, so a second run has nothing to do.
LOCK_OF = $(shell cat pyproject.toml requirements/$(1).txt 2>/dev/null | cksum | cut -d' ' -f1)
RUN = .venv/.run-$(call LOCK_OF,run)
DEV = .venv/.dev-$(call LOCK_OF,dev)
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: demo test check bench clean lock jars

demo: $(if $(wildcard $(DEV)),$(DEV),$(RUN)) ## install, start everything, load the sample fleet
	@$(BIN)/utcs demo

test: $(DEV) ## the whole test suite, against real servers
	@$(BIN)/python -m tests.provide
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(DEV) ## format, lint, types, layers, fast unit tests: under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 -m "not slow" tests/unit

bench: $(DEV) ## the speed figures, as ratios
	$(BIN)/python -m benchmarks

clean: ## what tools left behind; .venv and your data stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command 'make lock' --group build pyproject.toml

lock: ## pin the newest allowed versions by hash; needs an installed dev environment
	$(COMPILE) --upgrade --extra local --extra api --extra ingest -o requirements/run.txt
	$(COMPILE) --upgrade --extra dev -c requirements/run.txt -o requirements/dev.txt

jars: ## pin the jars of Neo4j and Kafka, and of Debezium for tests, by hash; needs Maven
	$(PYTHON) deploy/lock.py deploy cli/local
	$(PYTHON) deploy/lock.py tests tests

$(RUN): LOCK = requirements/run.txt
$(DEV): LOCK = requirements/dev.txt
$(RUN) $(DEV): $(BIN)/pip
	@echo 'Installing UTCS into .venv (a minute the first time) …' >&2
	@$(INSTALL) --require-hashes -r $(LOCK)
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'UTCS needs Python 3.11 or newer. Name one: make demo PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 \
	  || $(PYTHON) -m virtualenv --quiet --clear .venv >/dev/null 2>&1 \
	  || uv venv --quiet --clear --seed --python $(PYTHON) .venv 2>/dev/null \
	  || { rm -rf .venv; \
	  echo 'This Python cannot make a virtual environment: its "venv" part is missing.' >&2; \
	  echo 'On Debian and Ubuntu: sudo apt install python3-venv' >&2; \
	  echo 'Without root: install uv (https://docs.astral.sh/uv/), then run make again.' >&2; \
	  exit 1; }

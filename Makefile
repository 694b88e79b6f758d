# Every target sets itself up: .venv is made from requirements.lock when either is newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(VENV)/.peers

.PHONY: crawl test check bench nightly fmt lock clean

crawl: $(READY) ## serve the fixture sites on loopback and crawl them into archive.db
	@$(BIN)/zhaoshang crawl --demo

test: $(READY) ## every quick test
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(READY) ## lint, types, the import ladder
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(PEERS) ## ratios measured side by side
	$(BIN)/python -m bench

nightly: $(READY) ## the slow proofs
	$(BIN)/python -m pytest -n auto --dist worksteal -m nightly

fmt: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## compile requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --group dev --extra postgresql --extra research pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --group peers pyproject.toml --constraints requirements.lock --output-file bench/requirements.lock

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The lock is complete and its versions are those of requirements.lock: nothing is left to resolve, or to replace.
$(PEERS): $(READY) bench/requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --require-hashes -r bench/requirements.lock
	@touch $@

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once, a minute or two) ..." >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; run: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index --editable .
	@$(BIN)/python -m compileall -q crawler
	@touch $@

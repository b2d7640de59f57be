# Everything runs from nothing: Python >= 3.11, git, make and a package index that pip can reach.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter on the PATH that is new enough and can make a virtual environment.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
# Two workers: the machine the gate is measured on has two cores, and the slow tests start processes of their own.
WORKERS ?= 2
# The first-parent commits that `impact` is run on in `make check`.
COMMITS ?= 10
BENCH := $(if $(REPO),--repository "$(REPO)") $(if $(RANGE),--range "$(RANGE)") $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(MODULES),--modules $(MODULES)) $(if $(SIDES),--sides "$(SIDES)") $(if $(DUELS),--duels) $(if $(SAMPLE),--sample $(SAMPLE))

# What hangs on how it is packaged: data files, entry points, the hooks that call them, the commands with extras. `make test` runs the rest.
WHEEL_TESTS := tests/wheel $(wildcard $(addprefix tests/functional/test_, $(addsuffix .py, action diff fix formats hooks html_page)))

.PHONY: help
help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

$(VENV)/installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "no python3 >= 3.11 with venv on the PATH (or say: make PYTHON=/path/to/python)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# What some formats are held against exists for Node alone: Mermaid's parser, the SARIF schema. Without npm those tests are skipped, and say so.
$(VENV)/node/installed: tests/node/package.json $(VENV)/installed
	@mkdir -p $(@D)
	@cp $< $(@D)
	@if ! command -v npm >/dev/null; then echo "no npm: the tests that need it are skipped"; \
	elif npm install --prefix $(@D) --silent --no-audit --no-fund --no-package-lock --ignore-scripts; then touch $@; \
	else echo "npm cannot install tests/node/package.json: the tests that need it are skipped"; fi

.PHONY: test
test: $(VENV)/installed $(VENV)/node/installed ## the whole test suite
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

# Random small projects whose prediction is held against pytest: how many, and from which seed on (none: the same ones every time).
EXAMPLES ?= 500

.PHONY: test-oracle
test-oracle: $(VENV)/installed ## prediction against pytest on random projects: [EXAMPLES=n] [SEED=n]
	ORACLE_EXAMPLES=$(EXAMPLES) $(if $(SEED),ORACLE_SEED=$(SEED)) $(BIN)/pytest tests/oracle

.PHONY: lint
lint: $(VENV)/installed ## style, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/installed ## rewrite the code in its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: wheel
wheel: $(VENV)/installed ## build the wheel, install it elsewhere, test that
	rm -rf dist build/wheel
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet --disable-pip-version-check "$$(ls dist/*.whl)[test]"
	IMPACT_TEST_WHEEL="$$(ls $(CURDIR)/dist/*.whl)" build/wheel/bin/pytest -q -n $(WORKERS) -m 'not slow' $(WHEEL_TESTS)

.PHONY: self
self: $(VENV)/installed ## impact on its own history and worktree
	@for commit in $$(git rev-list --first-parent --max-count=$(COMMITS) HEAD); do \
		git rev-parse --quiet --verify "$$commit^" >/dev/null || continue; \
		git log -1 --format='%h %s' "$$commit"; \
		code=0; $(BIN)/impact diff "$$commit^..$$commit" --output-format json >/dev/null || code=$$?; \
		test "$$code" -le 1 || { echo "impact could not run on $$commit (exit code $$code)" >&2; exit 1; }; \
	done
	$(BIN)/impact diff HEAD

.PHONY: check
check: lint wheel self test ## the whole gate, what .ci/run runs; the tests come last so that their summary does too

.PHONY: demo
demo: $(VENV)/installed ## a small repository with a story, and what impact says about it
	@PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=tests $(BIN)/python -m demo .demo

.PHONY: bench
bench: $(VENV)/installed ## time and memory beside ruff and grimp, a push and a merge beside a diff (DUELS=1: only these): [REPO=path RANGE=a..b SAMPLE=commits] [SIDES=a..b] [ROUNDS=n] [MODULES=n]
	@PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=tests $(BIN)/python -m bench $(BENCH)

.PHONY: clean
clean: ## remove everything that can be made again
	rm -rf $(VENV) dist build .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find impact tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Every target makes what it needs: Python 3.11 or newer, make and a package index are enough.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The WASM sandbox needs Python 3.12: where $(PYTHON) is older, its tests run on a newer one, if there is one.
NEWER := $(PYTHON) python3.14 python3.13 python3.12 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.1[234]*/bin/python3
ifeq ($(origin WASM_PYTHON),undefined)
WASM_PYTHON := $(shell for python in $(NEWER); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$python && break; done)
endif
# Tests start many processes, and each would compile the package again.
unexport PYTHONDONTWRITEBYTECODE
PYTEST_UNIT := pytest --disable-socket --allow-unix-socket --numprocesses auto --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help demo test thorough unit slow wasm attacks real dist lint format docs notebooks stored-run bench picture clean

help:  ## Show this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/local  ## Make tools on the embedded model and use them (downloads 1.1 GB once; then one to six minutes).
	$(BIN)/latm demo

# The two halves of what CI runs: each test is in one of them.
test: lint docs $(VENV)/local unit real  ## Lint, documentation, unit tests, and the quicker tests with processes, servers and the embedded model.

thorough: $(VENV)/local slow wasm dist  ## Everything else that CI runs: slow tests, notebooks, the WASM sandbox, what is released.

unit: $(VENV)/test  ## Unit tests alone: no network, one to three minutes.
	$(BIN)/$(PYTEST_UNIT) --dist loadfile -m "not slow" tests/unit_tests

ifeq ($(WASM_PYTHON),$(PYTHON))
wasm: ;  # among those of `unit` and `slow`
attacks: TESTED := $(VENV)
attacks: $(VENV)/test
else ifneq ($(WASM_PYTHON),)
wasm: $(VENV)-wasm/test  ## Unit tests of the WASM sandbox, where the Python of the others is too old for it.
	$(VENV)-wasm/bin/$(PYTEST_UNIT) tests/unit_tests/sandbox -k wasm
attacks: TESTED := $(VENV)-wasm
attacks: $(VENV)-wasm/test
else
wasm:
	@echo "The tests of the WASM sandbox are skipped: they need Python 3.12 or newer (WASM_PYTHON=...)."
attacks: TESTED = $(error The table is of all backends, and the WASM sandbox needs Python 3.12 or newer (WASM_PYTHON=...))
endif

attacks:  ## Attack every sandbox backend, and renew the table of it in langchain_latm/sandbox/README.md.
	$(TESTED)/bin/$(PYTEST_UNIT) tests/unit_tests/sandbox/test_attacks.py -k "not page"
	$(TESTED)/bin/python -m tests.unit_tests.sandbox.attack_table

real: $(VENV)/local $(VENV)/test  ## Tests with processes and servers of their own, and a tool made and used on the embedded model.
	$(BIN)/pytest --numprocesses auto tests/integration_tests -m "not slow and not real_model"
	$(BIN)/pytest tests/integration_tests -m "real_model and not slow"

slow: $(VENV)/local $(VENV)/test  ## Slow tests of all kinds, and the notebooks.
	$(BIN)/$(PYTEST_UNIT) -m slow tests/unit_tests
	$(BIN)/pytest --numprocesses auto tests/integration_tests -m "slow and not real_model"
	$(BIN)/pytest tests/integration_tests -m "slow and real_model"

dist: $(VENV)/test  ## Build the wheel and the source distribution, check both, and use the wheel in a bare environment.
	$(BIN)/python -m tests.release

lint: $(VENV)/test  ## Types and style.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/test  ## Put the code into shape.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/docs  ## Build the documentation in site/, for reading without a server or a network.
	NO_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict  # with --quiet no warning would count
	@echo "Written: site/index.html"

notebooks: $(VENV)/local $(VENV)/test  ## Execute the notebooks, and renew their outputs (minutes).
	$(BIN)/python -m tests.notebooks

stored-run: $(VENV)/test  ## Show another run of the benchmark in its notebook: RUN=folder COMMIT=abc1234 COMMAND="latm bench ...".
	$(BIN)/python -m langchain_latm.benchmarks.making.stored_run "$(RUN)" notebooks/data/bench_all.json --commit "$(COMMIT)" --command "$(COMMAND)"
	$(BIN)/python -m tests.notebooks 04_benchmark.ipynb

bench: $(VENV)/local  ## Measure the embedded model on this machine.
	$(BIN)/latm model

picture: $(VENV)/test  ## Draw the demonstration's column as it prints in a terminal, for the README.
	$(BIN)/python -m tests.demo_picture notebooks/assets/demo.svg --kind column

clean:  ## Remove the virtual environment and caches.
	rm -rf $(VENV) $(VENV)-wasm site .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group test --group lint
	@touch $@

$(VENV)/docs: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group docs
	@touch $@

$(VENV)-wasm/test: pyproject.toml
	$(WASM_PYTHON) -m venv $(VENV)-wasm
	$(VENV)-wasm/bin/python -m pip install --quiet --upgrade pip
	$(VENV)-wasm/bin/python -m pip install --quiet --editable . --group test
	@touch $@

$(VENV)/local: pyproject.toml | $(BIN)/python
	@echo "Installing the embedded model (1.1 GB, once) ..."
	$(BIN)/python -m pip install --quiet --editable '.[local]'
	@touch $@

# Every target makes what it needs: Python 3.11 or newer, make and a package index are enough.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test unit real lint format bench clean

help:  ## Show this list.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/local  ## Make tools on the embedded model and use them (downloads 1.1 GB once; then about 5 minutes).
	$(BIN)/latm demo

test: lint $(VENV)/local unit real  ## Everything that CI runs: lint, unit tests, and one tool made on the embedded model.

unit: $(VENV)/test  ## Unit tests alone: no network, under a minute.
	$(BIN)/pytest tests/unit_tests --disable-socket --allow-unix-socket

real: $(VENV)/local $(VENV)/test  ## Tests on the embedded model.
	$(BIN)/pytest tests/integration_tests -m real_model

lint: $(VENV)/test  ## Types and style.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/test  ## Put the code into shape.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/local  ## Measure the embedded model on this machine.
	$(BIN)/latm model

clean:  ## Remove the virtual environment and caches.
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group test --group lint
	@touch $@

$(VENV)/local: pyproject.toml | $(BIN)/python
	@echo "Installing the embedded model (1.1 GB, once) ..."
	$(BIN)/python -m pip install --quiet --editable '.[local]'
	@touch $@

# `make demo` sets up and opens the workbench on made-up athletes, `make app` on a dataset of your own;
# `make test` sets up and runs the tests.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip install --quiet --constraint constraints.txt

.PHONY: demo app test check clean

demo: $(VENV)/app.stamp
	$(BIN)/labeler demo $(DEMO_ARGS)

app: $(VENV)/app.stamp
	$(BIN)/labeler app

# All cores for what computes; the browser alone afterwards, for a coach has the machine to himself.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -m "not e2e" --numprocesses auto --dist loadfile $(PYTEST_ARGS) $(COVERAGE_ARGS)
	$(BIN)/python -m pytest -m e2e $(PYTEST_ARGS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/app.stamp: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

$(VENV)/dev.stamp: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info

# make run        the first figure, in a virtual environment of its own
# make test       style, types, walls between the rooms, quick tests; eight minutes
# make test-ci    the slow tests, and all that computes in double precision
# make test-all   both, with every supported Python that is installed
# make test-long  five hundred kills, reused keys, planted mistakes, fuzzing: by hand
# make plant      thirty known mistakes, each of which the tests must notice
# make fuzz       ten minutes of cards that no person would write (Linux)
# make docs       the documentation as a site, in build/docs
# make clean      remove environments and caches; runs/ stays

PYTHON ?= python3
VENV ?= .venv
VERSIONS := 3.11 3.12 3.13 3.14
BIN := $(VENV)/bin
SOURCES := benchmarks experiments mc priors tests
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--constraint constraints.txt --editable
PYTEST := $(BIN)/python -m pytest -q -n 2
# In double precision only what computes is tested again, and quickly only its core.
COMPUTING = $(filter-out $(addprefix tests/test_,cli% figures% formula% meekness% own.py \
	answers% experiments% malformed% kills% resume% environment% intact% terminal% export% report% plot% docs% cluster%) $(ALIKE),$(wildcard tests/test_*.py))
CORE = $(patsubst %,tests/test_%.py,bands coordinates crossings events limits \
	metric_values metrics paths slopes streams)
# What is slow here says nothing of precision.
ALIKE = $(patsubst %,tests/test_%.py,accuracy benchmarks chains compilations gpu)

.PHONY: run test test-ci test-long test-all plant fuzz docs clean

run: $(VENV)/run.stamp
	$(BIN)/meekmc run metr-gaps

test: $(VENV)/test.stamp
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	JAX_ENABLE_X64=1 $(PYTEST) --dist loadfile -m "not slow" $(CORE) $(ALIKE)
	JAX_ENABLE_X64=0 $(PYTEST) --dist loadfile -m "not slow"

test-ci: $(VENV)/test.stamp
	JAX_ENABLE_X64=1 $(PYTEST) $(COMPUTING)
	JAX_ENABLE_X64=0 $(PYTEST) -m slow

test-all:
	@tested=; for version in $(VERSIONS); do \
	  if python$$version --version >/dev/null 2>&1; then \
	    echo "== Python $$version"; \
	    $(MAKE) test test-ci PYTHON=python$$version VENV=.venv-$$version || exit 1; \
	    tested="$$tested $$version"; \
	  fi; \
	done; \
	if [ -z "$$tested" ]; then echo "found no Python of $(VERSIONS)" >&2; exit 1; fi; \
	echo "tested with Python$$tested"

test-long: $(VENV)/test.stamp
	MEEKMC_KILLS=470 $(BIN)/python -m pytest -q -s tests/test_kills.py
	JAX_DEBUG_KEY_REUSE=1 $(PYTEST) --dist loadfile -m "not slow"
	$(MAKE) plant fuzz

plant: $(VENV)/test.stamp
	$(BIN)/python tests/planted_bugs.py

fuzz: $(VENV)/test.stamp
	$(INSTALL) '.[fuzz]'
	$(BIN)/python tests/fuzz_cards.py -max_total_time=600 -max_len=4096

docs: $(VENV)/run.stamp
	$(INSTALL) '.[docs]'
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "build/docs/index.html"

clean:
	rm -rf .venv .venv-* build dist .pytest_cache .ruff_cache .hypothesis \
	  .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing into $(VENV), some 600 MB the first time"
	$(INSTALL) .
	@touch $@

$(VENV)/test.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing into $(VENV), some 700 MB the first time"
	$(INSTALL) '.[test]'
	@touch $@ $(VENV)/run.stamp

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "meekmc needs Python 3.11 or newer, but $(PYTHON) is:" \
	    "$$($(PYTHON) --version 2>&1 | head -n 1). Install one, then: make" \
	    "$(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

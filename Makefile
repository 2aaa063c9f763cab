# The commands of the course. `make demo` is the place to begin.
# Each one sets the environment up first, from the lock and with checked hashes, if that is not done yet.

PYTHON ?= python3
BIN    := .venv/bin
STAMP  := .venv/.installed
# One thread each. Some tests wait, for a browser or for a board that keeps to the clock: a third worker keeps
# two cores busy meanwhile.
WORKERS ?= 3

# JupyterLab asks its makers for news and updates unless told not to; a course needs no network.
LAB_SETTINGS := .venv/share/jupyter/lab/settings/overrides.json
NO_NEWS := {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}

PIP_QUIETLY := --quiet --disable-pip-version-check
# The lock is complete, so nothing is resolved; uv, which it holds, takes a third of pip's time over it.
LOCKED := --no-deps --require-hashes -r requirements.lock

export TF_CPP_MIN_LOG_LEVEL := 3
export TF_ENABLE_ONEDNN_OPTS := 0
export TF_USE_LEGACY_KERAS := 1
export CUDA_VISIBLE_DEVICES := -1

.PHONY: help setup demo lab workshop site check test attack matrix lint bench notebooks lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## create .venv from requirements.lock and install the package into it

$(STAMP): requirements.lock pyproject.toml setup.py
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Python %d.%d found, 3.11 to 3.13 needed: install python3.11, then run make PYTHON=python3.11" % v)'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: run  sudo apt install python3-venv  and try again"; exit 1; }
	@echo "setting up .venv (3.6 GB, a few minutes the first time) ..."
	@rm -f $(STAMP)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@$(BIN)/python -m pip install $(PIP_QUIETLY) --require-hashes -r .venv/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python $(LOCKED) --compile-bytecode || { \
	  echo "uv could not install the lock (its reason is above); pip tries, which takes longer ..."; \
	  $(BIN)/python -m pip install $(PIP_QUIETLY) --compile $(LOCKED); }
	@$(BIN)/python -m pip install $(PIP_QUIETLY) --no-deps --no-build-isolation --no-index -e .
	@mkdir -p $(dir $(LAB_SETTINGS)) && echo '$(NO_NEWS)' > $(LAB_SETTINGS)
	@$(BIN)/python -m compileall -q tinyml_course
	@touch $(STAMP)

demo: $(STAMP) ## the motion lab, from signal to C, in under two minutes
	@$(BIN)/tinyml run motion --out out/motion

lab: $(STAMP) ## open the lessons in JupyterLab
	@$(BIN)/jupyter lab notebooks

workshop: $(STAMP) ## the ten-minute demo: a board to shake and speak to, as a page
	@$(BIN)/tinyml play $(or $(wildcard notebooks/solutions/20_workshop_demo.ipynb),motion) --board wio_terminal

# Who publishes it for a class names its hub and its class (HUB=, CLASS=; docs/site/open_here.py): lessons open there with a click.
site: $(STAMP) ## the course as web pages, in out/site/html
	@$(BIN)/python docs/site/build.py

lint: $(STAMP) ## style, format, types and simple mistakes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/python -m mypy --no-error-summary

check: lint ## the fast checks, for daily work
	@$(BIN)/python -m pytest -q -p no:nbval -n $(WORKERS) -m "not slow" tests

# Kernels are forked from a process that has imported what lessons import, and what a lesson and its solution both
# compute is computed once (tests/kernels). Without `-p tests.kernels` each starts and trains as for a learner.

# These lessons train nothing: solved, they run as if TensorFlow were not installed.
UNTRAINED := 00 00b 01 02 07 08 09 10 12 14 15 18 19 20 21

# Before Python 3.12 coverage's tracer doubles the time of tests that are Python; slipcover costs next to nothing.
# Where it has no wheel (pyproject.toml) the tests run without, and say so.
COVERAGE := out/coverage.json
WATCHED = $(shell $(BIN)/python -c 'import slipcover' 2>/dev/null && \
  echo -m slipcover --source tinyml_course --json --out $(COVERAGE))

# Who steals a test takes the last ones of a file, so what a file trains and starts for all its tests is done
# once, twice where it is stolen from.
# Workers that train or multiply with two threads each get in each other's way on two cores.
test: export TF_NUM_INTRAOP_THREADS := 1
test: export TF_NUM_INTEROP_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1
test: export OMP_NUM_THREADS := 1
test: lint ## every check: lint, types, unit tests, doctests, every notebook, coverage
	@mkdir -p $(dir $(COVERAGE)) && rm -f $(COVERAGE)
	@$(BIN)/python $(WATCHED) -m pytest -q -p no:nbval -n $(WORKERS) --dist worksteal --durations 20 \
	  --doctest-modules tests tinyml_course
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 20 --durations-min 0 \
	  -p tests.kernels $(UNTRAINED:%=--untrained %) --nbval-lax --nbval-current-env notebooks
	@if test -f $(COVERAGE); then $(BIN)/python -m slipcover --merge $(COVERAGE) --out $(COVERAGE) --skip-covered; \
	else echo "coverage: not measured, slipcover has no wheel for this Python on this machine"; fi

attack: $(STAMP) ## hostile links, files and sketches: every case, and a table at the end
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --whole-attack tests/attack

matrix: $(STAMP) ## the fast kernels in every build for every core; `make test` takes two of the seven builds
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --whole-matrix tests/export/layers

bench: $(STAMP) ## the generated C against TFLM with CMSIS-NN, counted on three emulated cores
	@$(BIN)/python -m tests.benchmark $(if $(MODELS),--models $(MODELS))

notebooks: $(STAMP) ## rebuild and execute the notebooks from notebooks/src
	@$(BIN)/python notebooks/src/build.py

# ai-edge-litert asks for backports-strenum on every Python; its 1.3 refuses the Pythons that have the original.
lock: ## resolve requirements.lock anew (needs the network)
	@$(PYTHON) -m venv out/lock && out/lock/bin/pip install -q uv
	@echo "backports-strenum<1.3" > out/lock/constraints.txt
	@out/lock/bin/uv pip compile -q --universal --extra all --no-strip-extras --generate-hashes --no-annotate --no-header \
	  --constraints out/lock/constraints.txt --prerelease if-necessary-or-explicit pyproject.toml -o requirements.lock

clean: ## remove what was made, keep the environment
	@rm -rf out build .coverage* .pytest_cache .ruff_cache .hypothesis

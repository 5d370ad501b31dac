# Needs Python 3.11 or newer and nothing else. Everything more is an invoke task: .venv/bin/invoke --list
PYTHON ?= python3
BIN := .venv/bin

.PHONY: preview build test clean
.DEFAULT_GOAL := preview

preview: .venv/code.stamp ## serve at http://127.0.0.1:8000, show every save
	@$(BIN)/invoke preview

build: .venv/code.stamp ## build into output/
	@$(BIN)/invoke build

test: .venv/dev.stamp .venv/code.stamp ## run every test
	@$(BIN)/invoke test

.venv/created.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Duikai needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	@echo "Creating the environment in .venv/ ..."
	@$(PYTHON) -m venv .venv || { echo "Python cannot create environments; on Debian: apt install python3-venv"; exit 1; }
	@touch $@

.venv/run.stamp: .venv/created.stamp requirements.lock
	@echo "Installing what requirements.lock names ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

# Where PYTHONDONTWRITEBYTECODE is set, every build would compile all of our code first, a tenth of a second.
.venv/code.stamp: .venv/run.stamp $(wildcard plugins/*.py plugins/*/*.py plugins/*/*/*.py)
	@$(BIN)/python -m compileall -q plugins
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	@echo "Installing what requirements-dev.lock names ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

clean: ## remove what was built and what only saves time
	rm -rf output .output.* .cache

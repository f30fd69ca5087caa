# The two commands of a new checkout are `make site` and `make test`; `make help` lists the others.

VENV := .venv
PYTHON := $(VENV)/bin/python
BASE_PYTHON ?= python3
# uv installs several times faster than pip; either will do.
UV := $(shell command -v uv 2>/dev/null)
install_into = $(if $(UV),$(UV) pip install --quiet --compile-bytecode --python $(1),$(1) -m pip install --quiet --disable-pip-version-check --use-pep517)
INSTALL = $(call install_into,$(PYTHON))
LAB_VENV := .venv-lab
# A wheel brings JupyterLab's extension along; from a checkout it is linked, so that it is the one here.
link_extension = mkdir -p $(1)/share/jupyter/labextensions $(1)/etc/jupyter/jupyter_server_config.d && \
	ln -sfn $(CURDIR)/src/weeknotes/editors/labextension $(1)/share/jupyter/labextensions/weeknotes && \
	ln -sfn $(CURDIR)/labextension/jupyter-config/weeknotes.json $(1)/etc/jupyter/jupyter_server_config.d/weeknotes.json

.DEFAULT_GOAL := help
.PHONY: help site serve lab labextension test check format bench screenshots clean

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

site: $(VENV)/.core ## Install, and render this journal to _site/
	@$(PYTHON) -m weeknotes render --engine builtin
	@echo "Look at it: make serve, then open http://127.0.0.1:4200/"

serve: $(VENV)/.core ## Show the journal on http://127.0.0.1:4200/ and reload on every change
	@$(PYTHON) -m weeknotes serve

# Served from here, and not from journal/, the figures in assets/ show in the notes.
lab: $(VENV)/.lab ## Install JupyterLab and open the journal in it
	@$(VENV)/bin/jupyter lab --LabApp.default_url=/lab/tree/journal

test: $(VENV)/.dev $(LAB_VENV)/.ready ## Run all tests, or those of one room: make test AREA=library
	@$(PYTHON) -m pytest -n 2 --dist worksteal $(if $(AREA),tests/$(AREA))

check: $(VENV)/.dev ## Check format, lint and types
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy

format: $(VENV)/.dev ## Format the code
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.dev ## Measure a ten-year journal
	@$(PYTHON) -m bench

screenshots: $(VENV)/.dev ## Make the README's screenshots anew
	@$(PYTHON) -m scripts.screenshots

clean: ## Remove what was built (never what was written)
	@rm -rf _site .weeknotes .quarto .pytest_cache .mypy_cache .ruff_cache .hypothesis

# An environment moved or made by another Python is made anew.
$(PYTHON):
	@$(BASE_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Weeknotes needs Python 3.11 or later: make site BASE_PYTHON=python3.11" >&2; exit 1; }
	@$(if $(UV),$(UV) venv --quiet --python $(BASE_PYTHON) $(VENV),$(BASE_PYTHON) -m venv $(VENV)) || \
		{ echo "Python's venv is missing: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.core: pyproject.toml | $(PYTHON)
	@echo "Installing Weeknotes into $(VENV) ..."
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.lab: pyproject.toml $(VENV)/.core
	@$(INSTALL) -e '.[lab]'
	@$(call link_extension,$(VENV))
	@touch $@

# JupyterLab's tests have an environment of their own, since it slows down every other test.
$(LAB_VENV)/.ready: pyproject.toml
	@echo "Installing JupyterLab for its tests into $(LAB_VENV) ..."
	@test -d $(LAB_VENV) || $(if $(UV),$(UV) venv --quiet --python $(BASE_PYTHON) $(LAB_VENV),$(BASE_PYTHON) -m venv $(LAB_VENV))
	@$(call install_into,$(LAB_VENV)/bin/python) -e . 'jupyterlab>=4.4'
	@$(call link_extension,$(LAB_VENV))
	@touch $@

# Built anew from its source, with Node: `make labextension`, then commit what has changed.
labextension: $(LAB_VENV)/.ready ## Build JupyterLab's extension from labextension/ (needs Node)
	@cd labextension && npm ci --no-audit --no-fund --ignore-scripts && npx tsc --sourceMap false && \
		rm -rf ../src/weeknotes/editors/labextension && ../$(LAB_VENV)/bin/jupyter-builder build .
	@$(BASE_PYTHON) -m scripts.labextension

$(VENV)/.dev: pyproject.toml $(VENV)/.core
	@echo "Installing what the tests need ..."
	@$(INSTALL) -e '.[dev]'
	@touch $@

# The two commands are `make run` and `make test`; `make help` lists the others.
# PIP_INDEX_URL and pip's other settings are honoured. PYTHON=python3.12 takes another interpreter.

PYTHON = python3
PORT = 8000
HOST = 127.0.0.1
VENV = .venv
IN_VENV = $(VENV)/bin/python

WITHOUT_SERVICES = not postgres and not broker and not browser and not gdal and not clients and not schemathesis
PYTEST = $(IN_VENV) -m pytest --numprocesses=2

.DEFAULT_GOAL := help
.PHONY: help run test check lint types imports format clean

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16
	@echo '  make run PORT=8123 HOST=0.0.0.0   elsewhere'

run: $(VENV)/run.stamp ## the tracker on http://localhost:8000, with everything it needs
	@exec $(IN_VENV) manage.py serve --port $(PORT) --host $(HOST)

test: $(VENV)/dev.stamp ## the tests that need nothing but Python
	@DATABASE_URL= CELERY_BROKER_URL= $(PYTEST) -m '$(WITHOUT_SERVICES)'

check: lint types imports test ## everything that needs no service

lint: $(VENV)/dev.stamp ## ruff
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m ruff format --check .

types: $(VENV)/dev.stamp ## mypy
	@$(IN_VENV) -m mypy

imports: $(VENV)/dev.stamp ## the arrows between the parts
	@$(VENV)/bin/lint-imports

format: $(VENV)/dev.stamp ## let ruff write it nicely
	@$(IN_VENV) -m ruff format .
	@$(IN_VENV) -m ruff check --fix .

clean: ## forget what was installed and cached; the data in var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

$(IN_VENV):
	@command -v $(PYTHON) >/dev/null || { echo 'There is no $(PYTHON); the tracker needs Python 3.11 or later.' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "The tracker needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V). PYTHON=… takes another." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(IN_VENV)
	$(IN_VENV) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt | $(IN_VENV)
	$(IN_VENV) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

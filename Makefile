# Needs make and Python 3.11 or newer; everything else goes into .venv.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
WORKERS ?= auto

# Where it is set, every process of the tests would compile all of them anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check static fix messages screenshots backup lock

help:     ## list the commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## the app on http://localhost:8501
	$(BIN)/streamlit run app.py

test: .venv/dev.stamp ## all tests; fetches a browser where there is none
	@$(BIN)/python -m tests.browser.finder
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: static ## format, lint, types, layers and the quick tests
	$(BIN)/pytest -q -n $(WORKERS) -m "not slow and not browser"

static: .venv/dev.stamp ## check without running anything
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/dev.stamp ## format, and repair what can be repaired
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: .venv/run.stamp ## bring the texts of the source into the catalogs
	$(BIN)/pybabel -q extract --no-wrap --add-location=file --sort-by-file \
		-o .venv/clientele.pot crm pages
	$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date -i .venv/clientele.pot -l zh_CN \
		-o crm/locale/zh_CN.po

screenshots: .venv/dev.stamp ## make the pictures of the README anew
	$(BIN)/python -m tests.browser.screenshots

backup: .venv/run.stamp ## copy what lives on disk to backups/, also while the app runs
	$(BIN)/python -m crm.backup

lock: .venv/bin/python ## pin what requirements*.txt ask for
	$(BIN)/python -m pip install -q "uv>=0.13"
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header \
		--no-annotate requirements.txt -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header \
		--no-annotate requirements-dev.txt -c requirements.lock \
		-o requirements-dev.lock

.venv/run.stamp: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install -q -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements.lock requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install -q -r requirements-dev.lock
	@touch .venv/run.stamp $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

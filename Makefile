# Each target works alone on a fresh Debian or Ubuntu machine with python3 (3.11 to 3.13), python3-venv and make.
PYTHON ?= python3
PIP = .venv/bin/pip --disable-pip-version-check -q
OUT ?= demo

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench docs lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

demo: .venv/run ## run the main job on the built-in synthetic crackdown and say where the report is
	.venv/bin/gavah demo --out $(OUT)

test: .venv/dev ## lint, type-check and run every test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest -n 2 --dist loadfile

lint: .venv/dev ## format the code and check it
	.venv/bin/ruff format .
	.venv/bin/ruff check .
	.venv/bin/mypy

bench: .venv/dev ## run the slow benchmarks on GAVAH_DATA (default ../shared/data)
	.venv/bin/python bench/estimate.py
	.venv/bin/python bench/names.py
	.venv/bin/python bench/linkage.py
	.venv/bin/python bench/scale.py

docs: .venv/docs ## build the documentation site into site/
	.venv/bin/mkdocs build --strict -q

lock: .venv/dev ## pin every requirement anew, with hashes
	$(PIP) install uv
	cd requirements && for name in run dev docs; do \
	  ../.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	    $$(test $$name = run && echo ../pyproject.toml build.in || echo $$name.in) -o $$name.txt; done

clean: ## remove the environment and everything built
	rm -rf .venv site demo

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Gavah needs Python 3.11 to 3.13")'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/pip requirements/run.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	touch $@

.venv/docs: .venv/run requirements/docs.txt
	$(PIP) install --require-hashes -r requirements/docs.txt
	touch $@

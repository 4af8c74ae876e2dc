# Each target works on a fresh clone with nothing but Python >= 3.10, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types tests django-versions pytest-versions ecosystem benchmark benchmark-django benchmark-verify clean

demo: $(VENV)/.base
	@echo "\$$ mrt-lint check examples/shop"
	@$(BIN)/mrt-lint check examples/shop; status=$$?; \
	if [ $$status -ne 1 ]; then echo "expected exit status 1 (findings), got $$status"; exit 1; fi
	@echo "\$$ mrt-lint check examples/django-clinic"
	@$(BIN)/mrt-lint check examples/django-clinic; status=$$?; \
	if [ $$status -ne 1 ]; then echo "expected exit status 1 (findings), got $$status"; exit 1; fi
	@echo "\$$ mrt-lint verify --alembic-ini examples/shop/alembic.ini"
	@$(BIN)/mrt-lint verify --alembic-ini examples/shop/alembic.ini; status=$$?; \
	if [ $$status -ne 1 ]; then echo "expected exit status 1 (a revision fails), got $$status"; exit 1; fi

test: lint types tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

tests: $(VENV)/.dev
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 --hypothesis-seed 1 --cov --cov-report= --ignore tests/truth --ignore tests/dynamic
	$(BIN)/pytest -n 2 --dist loadgroup -q tests/truth tests/dynamic
	$(BIN)/coverage report --skip-covered --fail-under=90
	$(BIN)/python tests/gates.py

django-versions: $(VENV)/.dev
	$(BIN)/python -m tests.django.versions

pytest-versions: $(VENV)/.dev
	$(BIN)/python -m tests.dynamic.plugin.versions

ecosystem: $(VENV)/.dev
	$(BIN)/python -m benchmarks.ecosystem

benchmark: $(VENV)/.dev
	$(BIN)/python -m benchmarks.speed

benchmark-django: $(VENV)/.dev
	$(BIN)/python -m benchmarks.django_speed

benchmark-verify: $(VENV)/.dev
	$(BIN)/python -m benchmarks.verify

$(VENV)/.python:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 10) and 'mrt-lint needs Python 3.10 or newer; try: make PYTHON=python3.12 ...')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

$(VENV)/.base: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[dynamic]"
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@ $(VENV)/.base

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* build dist

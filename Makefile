# Atrium. `make` alone tells what there is.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m
WORKERS ?= 2

.PHONY: help run test check format bench fuzz chaos sdl migration lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1|/' | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

run: .venv/run.stamp ## serve on 127.0.0.1:8000, with a demonstration company, from nothing but Python and make
	@$(RUN) atrium.web.assets || true
	@$(RUN) atrium serve --demo

test: .venv/test.stamp ## all tests, on real engines that they start themselves
	@$(RUN) atrium.web.assets || true
	$(RUN) pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: .venv/test.stamp ## format, lint, types, layers, schema
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(BIN)/pyright --warnings
	$(RUN) pytest -p no:cacheprovider tests/test_layers.py tests/test_repository.py
	$(RUN) atrium sdl --check graphql/schema.graphql

format: .venv/test.stamp ## put the code in the house's form
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

bench: .venv/test.stamp ## figures, as ratios of one run: make bench [with=quick|full]
	$(RUN) bench $(with)

fuzz: .venv/test.stamp ## the property tests and the races, long
	ATRIUM_FUZZ=1 ATRIUM_RACE_ROUNDS=20 $(RUN) pytest -m "fuzz or race" -o faulthandler_timeout=0

chaos: .venv/test.stamp ## processes and engines killed and frozen under load: make chaos [ATRIUM_CHAOS_SECONDS=1200]
	ATRIUM_CHAOS_SECONDS=$${ATRIUM_CHAOS_SECONDS:-1200} $(RUN) pytest -s tests/chaos -o faulthandler_timeout=0

sdl: .venv/run.stamp ## write graphql/schema.graphql anew
	$(RUN) atrium sdl > graphql/schema.graphql

migration: .venv/run.stamp ## write a migration for changed models: make migration name=…
	$(BIN)/tortoise -c models.db.TORTOISE_ORM makemigrations --name $(name)

lock: .venv/test.stamp ## pin all requirements anew, by hash and without hosts
	$(RUN) uv pip compile $(LOCK) pyproject.toml -o requirements.txt
	$(RUN) uv pip compile $(LOCK) --extra test -c requirements.txt pyproject.toml -o requirements-test.txt
	echo uv | $(RUN) uv pip compile $(LOCK) - -o requirements-uv.txt

clean: ## remove the environment and all embedded data
	rm -rf .venv .data .assets .ruff_cache .pytest_cache .hypothesis

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.venv/run.stamp: requirements-uv.txt requirements.txt
	@$(PYTHON) atrium/bootstrap.py requirements.txt
	@touch $@

.venv/test.stamp: requirements-uv.txt requirements-test.txt
	@$(PYTHON) atrium/bootstrap.py requirements-test.txt
	@touch $@ .venv/run.stamp

# Everything a person types here. `make help` lists it; docs/tour.md explains the house.

VENV := .venv/bin
PORT ?= 8000
SERVE ?= 1
export PORT SERVE

# Packages of other projects must not shine in.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help demo test quick check format cover bench bench-compare show-sets show-bounds show-reasons show-rich show-urgent show-limits show-nation screenshots lock clean setup setup-test setup-bench

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		while IFS="$$(printf '\t')" read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

demo: setup ## set up, import and plan a realistic day, serve the desk on http://127.0.0.1:8000 (PORT=8080, SERVE=0)
	@$(VENV)/python scripts/demo.py

test: setup-test check ## set up, check, and run every test
	@$(VENV)/python -m pytest

quick: setup-test ## the tests without the slow and the browser ones
	@$(VENV)/python -m pytest -m "not slow and not browser"

check: setup-test ## format, lint, types and import contracts, nothing else
	@$(VENV)/ruff format --check --quiet --output-format concise . || { echo "Type: make format"; exit 1; }
	@$(VENV)/ruff check --quiet --output-format concise .
	@$(VENV)/mypy --no-error-summary
	@$(VENV)/lint-imports --no-cache > .venv/lint-imports.txt 2>&1 || { cat .venv/lint-imports.txt; exit 1; }
	@echo "format, lint, types and import contracts: all well"
	@$(VENV)/python scripts/long_files.py

format: setup-test ## rewrite the files as the formatter wants them
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .

cover: setup-test ## which lines and branches the tests reach; fails below 90 %, and below 100 % of the judge
	@rm -f .coverage .coverage.* && mkdir -p var
	@echo "every quick test, with the compiler:"
	@COVERAGE_FILE=.coverage.compiled $(VENV)/python -m pytest -n auto -q -m "not slow and not browser" --cov --cov-report=
	@echo "the solver's tests once more, without the compiler, for the lines of the kernels:"
	@COVERAGE_FILE=.coverage.plain NUMBA_DISABLE_JIT=1 \
		$(VENV)/python -m pytest -n auto -q -m "not slow and not compiled" --cov --cov-report= tests/solver
	@$(VENV)/python -m coverage combine --quiet
	@$(VENV)/python -m coverage report
	@$(VENV)/python -m coverage json --quiet -o var/coverage.json
	@$(VENV)/python scripts/coverage_bounds.py var/coverage.json

bench: setup-bench ## race the planner against other engines (ARGS="--short", --sizes 10x60, --seeds 101-103)
	@$(VENV)/python -m benchmarks.race $(ARGS)

bench-compare: setup-bench ## what a change did to the totals (ARGS="main .", commits, branches or . for these sources)
	@$(VENV)/python -m benchmarks.compare $(or $(ARGS),main .)

show-sets: setup-bench ## the public sets of instances, judged by their own rules (PAIDAN_SETS=FOLDER, ARGS="--set toptw")
	@$(VENV)/python -m benchmarks.sets $(ARGS)

show-bounds: setup-test ## how close proven bounds come to plans, and that none is above the best plan (goes on where it was)
	@$(VENV)/python -m benchmarks.bounds $(ARGS)

show-reasons: setup-test ## evaluate 1 000 requests' reasons again by a slow twin (ARGS="--requests 30", --seconds 60)
	@$(VENV)/python -m benchmarks.reasons $(ARGS)

show-rich: setup-test ## 200 rich requests legal, and never dearer with more means (ARGS="--short", --seeds 2; goes on where it was)
	@$(VENV)/python -m benchmarks.rich $(ARGS)

show-urgent: setup-test ## how soon an urgent ticket is planned into a day that runs, and how well (goes on where it was; ARGS="--short")
	@$(VENV)/python -m benchmarks.urgent $(ARGS)

show-limits: setup-test ## paidan solve at every size and kind: in time, and legal (ARGS="--short", --only S=20; goes on where it was)
	@$(VENV)/python -m benchmarks.limits $(ARGS)

show-nation: setup-test ## 1 000 engineers x 10 000 tickets in 120 s, by threads and by Dask with a killed worker (ARGS="--short")
	@$(VENV)/python -m benchmarks.nation $(ARGS)

screenshots: setup-test ## take the pictures in docs/screenshots anew, of the demonstration (needs Chromium)
	@SERVE=0 $(VENV)/python scripts/demo.py
	@$(VENV)/python docs/screenshots/take.py var/demo

lock: ## renew uv.lock and the files exported from it (needs uv)
	@sh scripts/lock.sh

clean: ## remove what set-up and runs have made; the sources stay
	@rm -rf .venv .tools var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: ## set up .venv with what the demo needs, and run nothing
	@sh scripts/setup.sh run

setup-test:
	@sh scripts/setup.sh test

setup-bench:
	@sh scripts/setup.sh bench

# `make` alone lists the targets. Each prepares its own environment from a bare Python 3.11 or newer.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
ARGS ?=
export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never

.PHONY: help bootstrap demo demo-reset test long prove lint bench browser lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

# Any Python can run this file; it finds the one to use, or says what is missing.
bootstrap:
	@for python in "$$PYTHON" python3 python3.13 python3.12 python3.11; do \
	  if [ -n "$$python" ] && "$$python" -c '' >/dev/null 2>&1; then exec "$$python" -E serportal/local/bootstrap.py; fi; \
	done; echo "No Python runs on this machine. Install Python 3.11, 3.12 or 3.13 and run the same command again." >&2; exit 1

demo: bootstrap ## Run the whole portal with demonstration data on 127.0.0.1 (PORT=8000); Ctrl-C stops it
	@$(PY) -m serportal.local.demo $(ARGS)

demo-reset: bootstrap ## Remove the demonstration's data; the next `make demo` starts over
	@$(PY) -m serportal.local.demo --reset

TWO := -n 2 --dist loadfile --no-loadscope-reorder

test: bootstrap ## Run the tests that need no browser on servers of their own, two at a time (ARGS="-k journal" narrows)
	@$(PY) -m serportal.local.with_servers $(PY) -m pytest $(or $(ARGS),$(TWO) -m "not browser and not long")

long: bootstrap ## Run the tests that take ten seconds or more each: seedings, crawls, sixty days of reminders, two worlds
	@$(PY) -m serportal.local.with_servers $(PY) -m pytest $(TWO) -m long

PROOFS := tests/journals/test_properties.py tests/journals/test_histories.py tests/journals/test_history_machine.py \
  tests/journals/test_arrangement_rules.py tests/reviews/test_properties.py tests/reviews/test_machine.py \
  tests/reviews/test_rules.py tests/journals/test_upload_kills.py

prove: bootstrap ## Try the properties of credit, tally and process on thousands of examples, kill 200 uploads (about an hour)
	@$(PY) -m serportal.local.with_servers $(PY) -m pytest --hypothesis-profile=prove $(or $(ARGS),-n 2 $(PROOFS))

browser: bootstrap ## Run the tests that need Chromium, and fail where it is missing
	@REQUIRE_BROWSER=1 $(PY) -m serportal.local.with_servers $(PY) -m pytest -m browser $(or $(ARGS),$(TWO))

lint: bootstrap ## Check style, templates, import contracts and the lock
	@$(PY) -m serportal.local.lint

bench: bootstrap ## Measure the pages on their own servers (ARGS="--json out.json" keeps the table)
	@PORTAL_MODE=demo $(PY) -m serportal.local.with_servers --durable $(PY) manage.py bench $(ARGS)

lock: bootstrap ## Resolve the dependencies again (ARGS=--upgrade takes newer versions)
	@$(PY) -m serportal.local.lock $(ARGS)

clean: ## Remove the environment, the demonstration's data and everything made by tools
	@if [ -x $(PY) ]; then $(PY) -m serportal.local.demo --reset; fi
	@rm -rf .venv .run build staticfiles media test-results screenshots .pytest_cache .hypothesis .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

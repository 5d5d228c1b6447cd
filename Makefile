# Xiaoer: `make run` starts it, `make help` lists the rest.
# Needs only Python 3.11 or later, make and git; everything else comes from the hashed locks.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first that really starts: pyenv leaves names on the path that only print an error.
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$name"; break; }; done)

INSTALL = -m pip --disable-pip-version-check install -qq
LOCKED = $(INSTALL) --no-build-isolation --require-hashes
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(if $(UPGRADE),--upgrade)
CHECKED = $(wildcard bot handlers knowledge storage tests benchmarks)

.PHONY: help setup run test check bench soak lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

run: .venv/.run  ## start Xiaoer with the demo street on http://127.0.0.1:8080
	@.venv/bin/xiaoer run

setup: .venv/.dev  ## .venv with everything: the product, its tests, its checks

ENGINE = sqlite

test: .venv/.dev .venv-peers/.peers  ## install what the tests need, run them all; ENGINE=postgresql for houses on that
	@sh tests/system/install.sh
	@$(MAKE) --no-print-directory tests/peers/node/node_modules/.peers
	TEST_ENGINE=$(ENGINE) .venv/bin/python -m pytest -q -n auto --maxprocesses=4 --dist=loadfile $(ARGS)

check: .venv/.dev  ## format, lint, strict types, and every legal answer against its articles
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy $(CHECKED)
	.venv/bin/xiaoer knowledge check

bench: .venv/.dev  ## measurements beside their yardsticks; CASE=NAME for one
	.venv/bin/python -m benchmarks $(CASE)

soak: .venv/.dev  ## the long counts, after all tests on PostgreSQL; writes docs/soak.md
	@$(MAKE) --no-print-directory test ENGINE=postgresql
	.venv/bin/python -m tests.soak

lock: .venv-lock/.lock  ## write requirements/*.txt anew; UPGRADE=1 takes newer releases
	$(COMPILE) requirements/lock.in -o requirements/lock.txt
	$(COMPILE) requirements/build.in -o requirements/build.txt
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) requirements/peers.in -o requirements/peers.txt

clean:  ## remove environments and caches; ./data stays
	rm -rf .venv .venv-* tests/peers/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Environments. A stamp is as new as the locks it was installed from.

.venv/.run: requirements/build.txt requirements/run.txt pyproject.toml | .venv/pyvenv.cfg
	@echo "Installing what Xiaoer needs into .venv (about a minute, the first time)"
	@.venv/bin/python $(LOCKED) -r requirements/build.txt
	@.venv/bin/python $(LOCKED) -r requirements/run.txt
	@.venv/bin/python $(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "Installing what tests and checks need into .venv"
	@.venv/bin/python $(LOCKED) -r requirements/dev.txt
	@touch $@

.venv-peers/.peers: requirements/build.txt requirements/peers.txt | .venv-peers/pyvenv.cfg
	@echo "Installing the foreign programs the tests talk to into .venv-peers"
	@.venv-peers/bin/python $(LOCKED) -r requirements/build.txt
	@.venv-peers/bin/python $(LOCKED) -r requirements/peers.txt
	@touch $@

# Where there is no npm, the tests that need it say so.
tests/peers/node/node_modules/.peers: tests/peers/node/package.json tests/peers/node/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Installing the foreign programs that Node runs into tests/peers/node"; \
		npm ci --silent --prefix tests/peers/node && touch $@; fi

.venv-lock/.lock: requirements/lock.txt | .venv-lock/pyvenv.cfg
	@.venv-lock/bin/python $(LOCKED) -r requirements/lock.txt
	@touch $@

%/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Xiaoer needs Python 3.11 or later; none was found. If it has" \
		"another name: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual" \
		"environments: install its venv package (Debian, Ubuntu: apt install python3-venv)." >&2; \
		exit 1; }
	@"$(PYTHON)" -m venv $* || { rm -rf $*; exit 1; }

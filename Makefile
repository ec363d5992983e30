# Everything a person types. `make` alone lists the targets.
#
# A machine needs Python 3.11 or 3.12 and make; scripts/setup.sh fetches the rest into this
# checkout, pinned by lock files, and does nothing when it is already there.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Processes; tests are spread over one more by file, because some of them wait for a page, a node or a clock,
# in the order that tests/spreading.py gives them.
JOBS ?= 2
TEST_JOBS ?= $(shell expr $(JOBS) + 1)

# What the checkout installed comes first, whatever else is on the machine.
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)

# Ape's caches stay in the checkout, and its start is twice as slow without bytecode files.
export APE_DATA_FOLDER := $(CURDIR)/.cache/ape
unexport PYTHONDONTWRITEBYTECODE VIRTUAL_ENV

UNIT_TESTS = $(wildcard tests/app tests/unit tests/venues tests/tandem tests/keeper tests/stateful tests/economy tests/docs)
APE_TESTS = $(wildcard tests/integration tests/fork)
PYTHON_CODE = $(wildcard tandem keeper bench proofs scripts tests)
CONTRACTS = $(shell find contracts -name '*.vy' -o -name '*.vyi')

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install what the demo needs into .venv and node_modules (implied by the others)
	@scripts/setup.sh demo

.PHONY: setup-dev
setup-dev: ## The same, and what tests and lint need
	@scripts/setup.sh dev

.PHONY: demo
demo: setup ## Watch options being minted together with their hedges, on a local chain
	@tandem demo

.PHONY: up
up: app ## Open a local market that lives, with its page, and keep it until Ctrl-C
	@tandem up

PAGE = $(shell find app/src -name '*.ts' -o -name '*.tsx') app/index.html app/style.css app/build.mjs app/cid.mjs app/package-lock.json
app/dist/index.html: $(PAGE)
	@cd app && node build.mjs

.PHONY: app
app: ## Build the page that `tandem ui` and `tandem up` serve
	@scripts/setup.sh page
	@$(MAKE) --no-print-directory app/dist/index.html

# Ape compiles for as long as one core takes, while the others' tests wait for a page, a node or a clock.
.PHONY: test
test: setup-dev app/dist/index.html ## The tests: contracts, venues, keeper, laws, then integration and fork through Ape
	@mkdir -p .cache
	@if [ -n "$(APE_TESTS)" ]; then nice -n 19 python -m scripts.compile_with_ape >.cache/ape-compile.log 2>&1 & compiling=$$!; fi; \
	trap 'kill $$compiling 2>/dev/null' EXIT; \
	PYTHONHASHSEED=0 python -m pytest -p no:ape_test -q -n $(TEST_JOBS) --dist loadfile --no-loadscope-reorder $(UNIT_TESTS) && \
	{ wait $$compiling || { cat .cache/ape-compile.log; exit 1; }; } && trap - EXIT
ifneq ($(APE_TESTS),)
	@ape test -q -n $(TEST_JOBS) --dist loadfile --no-loadscope-reorder $(APE_TESTS)
endif

.PHONY: laws
laws: setup-dev ## The protocol's laws under everybody doing anything, 1,024 markets and 200 over lenders and several venues, and the longest proof
	@PYTHONHASHSEED=0 python -m pytest -p no:ape_test -q -m laws -n $(JOBS) --dist loadfile tests/stateful tests/unit/proofs

# Each waits for processes of its own, so that a third finds room on two cores.
.PHONY: live
live: setup-dev app/dist/index.html ## What takes a market that lives: every command of the guides, pages in a browser, processes
	@PYTHONHASHSEED=0 python -m pytest -p no:ape_test -q -m live -n 3 --dist worksteal tests/docs tests/app tests/keeper

.PHONY: long
long: setup-dev app/dist/index.html ## Tests that take minutes each, or come in their hundreds: goes on where it was cut short (ANEW=1: all)
	@$(if $(ANEW),,GO_ON=1) PYTHONHASHSEED=0 python -m pytest -p no:ape_test -q -m long -n $(JOBS) --dist worksteal $(UNIT_TESTS)
	@ape test -q -m long -n $(JOBS) --dist loadfile $(APE_TESTS)

.PHONY: prove
prove: setup-dev ## The floor, over all numbers: each lemma of docs/solvency.md, and its broken copy
	@python -m proofs

.PHONY: economy
economy: setup-dev ## Search for a plan that pays: PLANS=1000 SEED=1
	@python tests/economy --plans $(or $(PLANS),1000) --seed $(or $(SEED),1) --jobs $(JOBS)

.PHONY: mutate
mutate: setup-dev ## Break the contracts and see whether a test notices: SAMPLE=40 EACH=6 SEED=1 ONLY=
	@python scripts/mutate.py --sample $(or $(SAMPLE),40) --each $(or $(EACH),0) --seed $(or $(SEED),1) --jobs $(JOBS) --only "$(ONLY)"

.PHONY: branches
branches: setup-dev ## Which way of each decision of the contracts no test goes: TESTS=tests/unit/vault
	@python scripts/branches.py --write --jobs $(JOBS) $(or $(TESTS),tests/unit tests/venues tests/stateful)

.PHONY: soak
soak: setup-dev ## Laws and search with new seeds, round after round: HOURS=1
	@python scripts/soak.py --hours $(or $(HOURS),1)

# Formatting is checked once per version of a file: mamushi takes a second. Unsafe is what only compares: a
# text that stays as it is means what it did. It does not know `transient`: the one file that has it is left out.
FORMATTABLE = $(filter-out contracts/venues/asked.vy,$(CONTRACTS))
FORMATTED = $(patsubst %,.cache/lint/%.formatted,$(FORMATTABLE))
.cache/lint/%.formatted: %
	@mkdir -p $(@D)
	@mamushi --line-length 100 --check --safe false --quiet $< || { echo "$<: run make format"; exit 1; }
	@touch $@

.cache/lint/natrix: $(CONTRACTS) scripts/lint_natrix.py pyproject.toml
	@mkdir -p $(@D)
	python scripts/lint_natrix.py contracts
	@touch $@

# Bindings are compared once per version of the sources: the compiler takes some seconds.
BINDINGS = $(wildcard tandem/protocol/bindings/*.py)
SPOKEN = tandem/protocol/reasons.py tandem/protocol/terms.py $(wildcard tandem/venues/*.py app/src/abi/*.ts)
.cache/lint/bindings: $(CONTRACTS) $(BINDINGS) $(SPOKEN) $(wildcard scripts/generate_*.py) scripts/binding_model.py
	@mkdir -p $(@D)
	python -m scripts.generate_bindings --check
	python -m scripts.generate_app --check
	@touch $@

# Side by side, what takes longest first; each part's output comes whole.
LINT = .cache/lint/bindings lint-types .cache/lint/natrix lint-page lint-statements lint-contracts lint-python $(FORMATTED)

.PHONY: lint
lint: setup-dev ## ruff, types, layers, what is generated, statements and their tests, checks of the contracts
	@$(MAKE) --no-print-directory --keep-going --output-sync=target --jobs $(JOBS) $(LINT)

.PHONY: lint-types lint-page lint-statements lint-contracts lint-python
lint-types:
	basedpyright
lint-page:
	app/node_modules/.bin/tsc --project app
	cd app && node_modules/.bin/prettier --check --log-level warn .
	python scripts/check_app.py
lint-statements:
	python scripts/generate_terms.py --check
	python scripts/check_statements.py
	python scripts/trace_statements.py
	python scripts/list_commands.py
	python scripts/list_settings.py
	python scripts/check_measures.py
lint-contracts:
	python scripts/lint_vyper.py contracts
	python -m scripts.inline_vyper --check
lint-python:
	ruff check --quiet $(PYTHON_CODE)
	ruff format --check --quiet $(PYTHON_CODE)
	lint-imports

.PHONY: format
format: setup-dev ## Format Python and Vyper in place
	ruff format $(PYTHON_CODE)
	ruff check --fix $(PYTHON_CODE)
	cd app && node_modules/.bin/prettier --write --log-level warn .
	mamushi --line-length 100 --quiet $(FORMATTABLE)
	@$(MAKE) --no-print-directory generate

.PHONY: generate
generate: setup-dev ## Write again what is written from something else: terms, the pricing loop, bindings, what the page knows, lists of tests
	python scripts/generate_terms.py
	python -m scripts.inline_vyper
	python -m scripts.generate_bindings
	python -m scripts.generate_app
	python scripts/check_statements.py --write
	python scripts/trace_statements.py --write
	python scripts/list_commands.py --write
	python scripts/list_settings.py --write
	python -m proofs --write

.PHONY: pictures
pictures: setup-dev app/dist/index.html ## Take the pictures of docs/guide/browser.md again
	@python -m pytest -p no:ape_test -q -n 0 -m long tests/app/test_page_guide.py
	@mkdir -p docs/img/page
	@for each in out/page/guide-*.png; do cp $$each docs/img/page/$$(basename $$each | sed s/guide-//); done

.PHONY: bench
bench: setup-dev ## Measure, write bench/results.json and README's table
	@tandem bench --write

.PHONY: lock
lock: setup-dev ## Resolve pyproject.toml into the lock files again (needs the network)
	@scripts/lock.sh

.PHONY: clean
clean: ## Remove outputs and caches (what is installed stays)
	rm -rf out .cache .pytest_cache .ruff_cache .hypothesis .silverback-sessions .coverage htmlcov
	find $(PYTHON_CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove what was installed, too
	rm -rf .venv .build node_modules

# The ways into the project. Needed: Python 3.11 or later with venv, cargo, make. The rest comes into .venv by itself.
#
#   make demo    read the five seed articles: a summary, tables and a report in out/demo
#   make test    all tests: Rust, Python, notebooks
#   make lint    formats, clippy, ruff, types
#   make bench   measure (needs ../shared)
#   make model   train what ships (needs ../shared)
#   make wheel   the wheel to give away, in dist/
#   make clean   remove what was built

PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
RUST = $(shell find src -type f) Cargo.toml Cargo.lock
GOLD = ../shared/gold

.DEFAULT_GOAL = demo

# The environment, with what builds the package. A .venv that was made by other means is used as it is.
$(VENV)/.tools:
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(BIN)/maturin || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv "maturin>=1.8,<2"
	touch $@

# What tests, notebooks and checks need on top.
$(VENV)/.dev: $(VENV)/.tools pyproject.toml
	! test -x $(BIN)/uv || $(BIN)/uv pip install --quiet --python $(BIN)/python --group dev
	touch $@

# The package, in place: Python files are read from python/, only the Rust half is built.
$(VENV)/.built: $(VENV)/.tools $(RUST) pyproject.toml
	VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/maturin develop --release $$(test -x $(BIN)/uv && echo --uv)
	touch $@

.PHONY: build dev demo test test-rust test-python lint bench wheel clean
build: $(VENV)/.built

dev: $(VENV)/.built $(VENV)/.dev

demo: $(VENV)/.built
	$(BIN)/rawabit analyze seeds/ -o out/demo

test: test-rust test-python

test-rust:
	cargo test --no-default-features

test-python: dev
	$(BIN)/python -m pytest

lint: dev
	cargo fmt --check
	cargo clippy --all-targets --no-default-features -- -D warnings
	cargo clippy --all-targets -- -D warnings
	$(BIN)/ruff check python tests benches tools
	$(BIN)/ruff format --check python tests benches tools
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest rawabit._native --mypy-config-file pyproject.toml --allowlist tests/stubtest.txt

bench: dev
	$(BIN)/python benches/analyze.py
	$(BIN)/python benches/normalize.py

# Slow to build, a little faster to run.
wheel: $(VENV)/.tools
	$(BIN)/maturin build --profile dist -o dist

clean:
	cargo clean
	rm -rf $(VENV) out dist python/rawabit/*.so

# What is built from data that is not in this repository: `make model` needs ../shared.

.PHONY: model
model: model-names model-mentions model-status model-relations

# The models of argument binding, from the training news; prints cross-validation and held-out scores.
.PHONY: model-relations
model-relations:
	cargo run --release --no-default-features --example train_relations -- \
	  train $(GOLD)/news-train.jsonl --entities engine -o src/relation/data/arguments.model \
	  --test $(GOLD)/news-dev.jsonl --test $(GOLD)/seeds-dev.jsonl

# The ranker of antecedents, from the arguments of the training news; prints five folds first.
.PHONY: model-mentions
model-mentions:
	cargo run --release --no-default-features --example train_mentions -- $(GOLD)/news-train.jsonl \
	  -o src/mention/data/antecedents.model --test $(GOLD)/news-dev.jsonl --test $(GOLD)/seeds-dev.jsonl

# The models of factuality and attribution, from the annotated triggers of the training news; prints five folds first.
.PHONY: model-status
model-status:
	cargo run --release --no-default-features --example relation_status -- cross $(GOLD)/news-train.jsonl
	cargo run --release --no-default-features --example relation_status -- \
	  train $(GOLD)/news-train.jsonl -o src/relation/data

# The table of words (clusters, name lists, shares in names) and the tagger of names; prints scores on news-dev.
.PHONY: model-names
model-names:
	cargo run --release --no-default-features --example model -- words ../shared
	cargo run --release --no-default-features --example model -- shares ../shared
	cargo run --release --no-default-features --example model -- train ../shared

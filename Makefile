# What is built from data that is not in this repository: `make model` needs ../shared.

GOLD = ../shared/gold

.PHONY: model
model: model-status model-relations

# The models of argument binding, from the training news; prints cross-validation and held-out scores.
.PHONY: model-relations
model-relations:
	cargo run --release --no-default-features --example train_relations -- \
	  train $(GOLD)/news-train.jsonl -o src/relation/data/arguments.model \
	  --test $(GOLD)/news-dev.jsonl --test $(GOLD)/seeds-dev.jsonl

# The model of factuality, from the annotated triggers of the training news.
.PHONY: model-status
model-status:
	cargo run --release --no-default-features --example relation_status -- \
	  train $(GOLD)/news-train.jsonl -o src/relation/data/status.model

# The table of words (clusters, name lists, shares in names) and the tagger of names; prints scores on news-dev.
.PHONY: model-names
model-names:
	cargo run --release --no-default-features --example model -- words ../shared
	cargo run --release --no-default-features --example model -- shares ../shared
	cargo run --release --no-default-features --example model -- train ../shared

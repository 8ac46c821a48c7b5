"""Pair scores and associations as a user calls them, against the same computed in plain Python."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rawabit as rw
from handmade import FAMILIES, RELATIONS, relation

ACTORS = ["داعش", "القاعدة", "طالبان"]
#: ``prior_strength`` of src/corpus/data/pairs.toml.
PRIOR = 0.5


def table(rows):
    return rw.Table({name: [row.get(name) for row in rows] for name in rows[0]})


def claim(doc, family, source, target, negated, confidence, place):
    symmetric, intensity, *_ = FAMILIES[family]
    score = 0.0 if negated else intensity * confidence
    row = {
        "doc": doc,
        "family": family,
        "source_entity": source,
        "target_entity": target,
        "symmetric": symmetric,
    }
    row |= {"factuality": "certain", "negated": negated, "intensity": intensity, "confidence": confidence}
    return row | {"score": score, "place": place, "date": None}


claims = st.builds(
    claim,
    st.integers(0, 3),
    st.sampled_from(sorted(FAMILIES)),
    st.sampled_from(ACTORS),
    st.sampled_from(ACTORS),
    st.booleans(),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.sampled_from(["اليمن", "سوريا"]),
)


def oracle(rows, by=()):
    """Score, masses and counts by group and directed pair."""
    about = defaultdict(list)
    for row in rows:
        source, target = row["source_entity"], row["target_entity"]
        if source == target:
            continue
        group = tuple(row[name] for name in by)
        about[group, source, target].append(row)
        if row["symmetric"]:
            about[group, target, source].append(row)
    result = {}
    for key, found in about.items():
        weight = cooperation = conflict = 0.0
        for doc, family in {(row["doc"], row["family"]) for row in found}:
            same = [row for row in found if (row["doc"], row["family"]) == (doc, family)]
            # A directed family in the other direction is another pair; here all are of one direction.
            asserted = max((r for r in same if not r["negated"]), key=lambda r: abs(r["score"]), default=None)
            if asserted:
                weight += asserted["confidence"]
                cooperation += max(asserted["score"], 0)
                conflict += max(-asserted["score"], 0)
            weight += max((r["confidence"] for r in same if r["negated"]), default=0)
        score = (cooperation - conflict) / (weight + PRIOR)
        docs = len({row["doc"] for row in found})
        result[key] = (len(found), docs, round(cooperation, 9), round(conflict, 9), round(score, 9))
    return result


def found(pairs, by=()):
    return {
        (tuple(row[name] for name in by), row["source"], row["target"]): (
            row["n_mentions"],
            row["n_docs"],
            *(round(row[name], 9) for name in ("cooperation", "conflict", "score")),
        )
        for row in pairs
    }


@given(st.lists(claims, min_size=1, max_size=30))
def test_pairs_agree_with_plain_python(rows):
    assert found(rw.score_pairs(table(rows))) == oracle(rows)
    assert found(rw.score_pairs(table(rows), by="place"), ["place"]) == oracle(rows, ["place"])


@given(st.lists(claims, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    for directed in (True, False):
        assert rw.score_pairs(table(rows), directed=directed) == rw.score_pairs(
            table(shuffled), directed=directed
        )


def test_a_pledge_is_directed_and_cooperation_is_found_from_both_sides():
    pairs = found(rw.score_pairs(table(RELATIONS)))
    groups, state, base = "بوكو حرام", "تنظيم الدولة الإسلامية", "تنظيم القاعدة"
    assert ((), groups, state) in pairs and ((), state, groups) not in pairs
    assert ((), state, base) in pairs and ((), base, state) in pairs
    one = next(
        row
        for row in rw.score_pairs(table(RELATIONS), directed=False)
        if base in (row["source"], row["target"])
    )
    assert one["cooperation"] > 0 and one["conflict"] > 0 and one["n_negated"] == 1
    assert one["low"] < 0 < one["high"]


def test_associations_agree_with_plain_python():
    names = {0: "ابج", 1: "ابج", 2: "بجد", 3: "ا"}
    rows = [
        {"doc": doc, "sentence": n // 2, "entity": e, "label": "ORG"}
        for doc, t in names.items()
        for n, e in enumerate(t)
    ]
    rows.append({"doc": 3, "sentence": 0, "entity": "2015", "label": "DATE"})
    result = {(row["entity_a"], row["entity_b"]): row for row in rw.associations(table(rows))}
    for pair in itertools.combinations("ابجد", 2):
        docs = [doc for doc, t in names.items() if set(pair) <= set(t)]
        if not docs:
            assert pair not in result
            continue
        joint, left, right = (len(docs), *(sum(e in t for t in names.values()) for e in pair))
        want = math.log(joint * 4 / (left * right)) / -math.log(joint / 4)
        assert result[pair]["n_docs"] == joint
        assert result[pair]["npmi"] == pytest.approx(want)
    assert not any("2015" in pair for pair in result)


def test_a_wrong_value_names_its_row():
    rows = [relation(0, 0, "ATTACK", "يتعاونان", "داعش", "القاعدة"), {**RELATIONS[3], "confidence": 1.5}]
    with pytest.raises(rw.RawabitError, match=r"row 1: confidence 1\.5"):
        rw.score_pairs(table(rows))

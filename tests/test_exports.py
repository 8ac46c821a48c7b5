"""Event data of other formats, on records made by hand."""

from __future__ import annotations

import json

import pytest

from handmade import DOCUMENTS, ENTITIES, FAMILIES, RELATIONS, relation
from rawabit.exports import gdelt, plover_jsonl, polecat

ABOUT = {"documents": DOCUMENTS, "entities": ENTITIES}


def rows(columns):
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def test_polecat_has_its_columns_and_only_what_is_asserted():
    columns = polecat(RELATIONS, **ABOUT)
    assert len(columns) == 40
    assert list(columns)[:8] == [
        "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
    ]  # fmt: skip
    found = rows(columns)
    assert [row["Event Type"] for row in found] == ["COOPERATE", "SUPPORT", "ASSAULT"]
    first = found[0]
    assert first["Actor Name"] == "تنظيم الدولة الإسلامية" and first["Actor Name Raw"] == "داعش"
    assert first["Quad Code"] == "MATERIAL COOPERATION" and first["Placename"] == "اليمن"
    assert first["Publication Date"] == "2020-02-25" and first["Story Locations"] == "اليمن"
    assert len({row["Event ID"] for row in found}) == 3
    assert columns == polecat(RELATIONS, **ABOUT)


def test_hedged_relations_come_only_when_asked_for():
    hedged = [relation(0, 0, "MERGE", "يتعاونان", "داعش", "القاعدة", factuality="possible")]
    assert rows(polecat(hedged)) == []
    assert len(rows(polecat(hedged, factuality=("certain", "possible")))) == 1
    assert rows(polecat(RELATIONS, confidence=0.9)) == []


def test_a_family_without_code_is_no_event():
    recruit = {**RELATIONS[0], "family": "RECRUIT", "plover": None, "cameo": None, "goldstein": None}
    assert rows(polecat([recruit])) == [] and plover_jsonl([recruit]) == ""
    assert rows(gdelt([recruit])[0]) == []


def test_gdelt_counts_mentions_of_one_event():
    again = {**RELATIONS[3], "doc": 0, "date": "2015-03-07"}
    events, mentions = gdelt([*RELATIONS, again], **ABOUT)
    assert (len(events), len(mentions)) == (61, 16)
    attack = next(row for row in rows(events) if row["EventCode"] == "190")
    assert attack["NumMentions"] == 2 and attack["NumArticles"] == 2
    assert (attack["SQLDATE"], attack["MonthYear"], attack["Year"]) == (20150307, 201503, 2015)
    assert attack["FractionDate"] == pytest.approx(2015 + 97 / 365, abs=1e-4)
    assert (attack["EventRootCode"], attack["QuadClass"], attack["GoldsteinScale"]) == ("19", 4, -10.0)
    of_attack = [row for row in rows(mentions) if row["GLOBALEVENTID"] == attack["GLOBALEVENTID"]]
    assert {row["Confidence"] for row in of_attack} == {80} and len(of_attack) == 2
    assert of_attack[0]["ActionCharOffset"] == RELATIONS[3]["trigger_start"]


def test_events_without_a_day_are_not_joined_across_documents():
    undated = [{**RELATIONS[3], "doc": doc} for doc in (0, 1)]
    events, _ = gdelt(undated)
    assert [row["SQLDATE"] for row in rows(events)] == [None, None]


def test_plover_lines(tmp_path):
    lines = [json.loads(line) for line in plover_jsonl(RELATIONS, **ABOUT).splitlines()]
    assert len(lines) == 3
    assert lines[1]["event"] == ["SUPPORT"] and lines[1]["quad_code"] == 1 and lines[1]["event_scale"] == 3.5
    assert lines[1]["actor"] == [{"entity_text": "بوكو حرام", "identifier_text": "بوكو حرام"}]
    assert all(value is not None for line in lines for value in line.values())
    assert plover_jsonl(RELATIONS, tmp_path / "events.jsonl", **ABOUT) is None
    assert (tmp_path / "events.jsonl").read_text(encoding="utf-8").count("\n") == 3


def test_every_family_with_a_code_has_a_quad():
    for family in FAMILIES:
        found = plover_jsonl([relation(0, 0, family, "يتعاونان", "داعش", "القاعدة")])
        assert json.loads(found)["quad_code"] in (1, 2, 3, 4)

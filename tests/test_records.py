"""The records themselves: columns, offsets, labels, threads."""

import random

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rawabit as rw

COLUMNS = {
    rw.sentences: "doc sentence start end text",
    rw.tokens: "doc sentence token start end text norm kind prefix stem suffix",
    rw.entities: "doc sentence start end text label norm entity kind code value score",
    rw.relations: "doc sentence family trigger trigger_start trigger_end source source_start source_end source_entity "
    "source_label target target_start target_end target_entity target_label symmetric factuality negated attribution "
    "place date intensity confidence score plover cameo goldstein rule evidence evidence_start evidence_end",
}


@pytest.mark.parametrize("function", COLUMNS)
def test_columns(function):
    want = COLUMNS[function].split()
    assert function("نص").columns[: len(want)] == want


#: Pieces of real text, with what makes offsets hard in between.
PIECES = [
    "بايعت بوكو حرام ",
    "داعش",
    "و",
    "القاعدةِ",
    " في عام ٢٠١٥",
    "😀",
    "\u200f",
    "ـ",
    ". ",
    "\n",
    "«",
    "»",
    "ﷺ",
    "Guardian",
    "é",
    " قتل ",
    "\ufeff",
]


def check_offsets(texts):
    for function in (rw.sentences, rw.tokens, rw.entities):
        for row in function(texts):
            assert texts[row["doc"]][row["start"] : row["end"]] == row["text"]
    for row in rw.relations(texts):
        text = texts[row["doc"]]
        for name in ("trigger", "source", "target", "evidence"):
            assert text[row[f"{name}_start"] : row[f"{name}_end"]] == row[name]
        assert row["evidence_start"] <= row["trigger_start"] < row["trigger_end"] <= row["evidence_end"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join), max_size=3)
)
def test_offsets_hold_whatever_the_text(texts):
    check_offsets([text.encode("utf-8", "replace").decode() for text in texts])


def test_offsets_hold_in_the_seed_articles(news):
    check_offsets(news)
    assert len(rw.entities(news)) > 100


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_tokens_cover_what_is_visible_and_their_parts_join(text):
    rows = rw.tokens(text).to_dicts()
    assert [row["token"] for row in rows] == list(range(len(rows)))
    for row in rows:
        assert row["prefix"] + row["stem"] + row["suffix"] == row["norm"]
    gaps = set(text) - set("".join(row["text"] for row in rows))
    assert not any(ch.isalnum() for ch in gaps)


def test_pandas_labels_are_in_doc(news):
    frame = pd.DataFrame({"text": news}, index=[f"نص {i}" for i in range(len(news))])
    entities = frame["text"].pipe(rw.entities)
    assert isinstance(entities, pd.DataFrame) and set(entities["doc"]) == set(frame.index)
    assert list(entities["doc"].map(frame["text"].to_dict()).str.len()) == [
        len(news[int(d[3:])]) for d in entities["doc"]
    ]
    numbered = frame["text"].set_axis([10, 20, 30, 40, 50]).pipe(rw.entities)
    assert set(numbered["doc"]) == {10, 20, 30, 40, 50}
    pairs = frame["text"].set_axis(pd.MultiIndex.from_product([["a"], range(5)])).pipe(rw.entities)
    assert pairs["doc"].iloc[0] == ("a", 0)


def test_polars_rows_are_numbered(news):
    entities = rw.entities(pl.Series(news))
    assert isinstance(entities, pl.DataFrame) and set(entities["doc"]) == set(range(5))


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_do_not_show_in_the_records(news, threads):
    texts = news * 20
    random.Random(7).shuffle(texts)
    one, many = rw.analyze(texts, threads=1), rw.analyze(texts, threads=threads)
    for name in ("documents", "sentences", "entities", "mentions", "relations"):
        assert getattr(one, name) == getattr(many, name)
    assert one.pairs == many.pairs


def test_threads_are_asked_for_in_three_ways(news, monkeypatch):
    monkeypatch.setenv("RAWABIT_THREADS", "2")
    assert rw.entities(news) == rw.entities(news, threads=1)
    monkeypatch.setenv("RAWABIT_THREADS", "two")
    with pytest.raises(rw.RawabitError, match="RAWABIT_THREADS"):
        rw.entities(news)
    with pytest.raises(rw.RawabitError, match="threads=0"):
        rw.entities(news, threads=0)


def test_analysis_has_a_row_for_every_text(articles):
    documents = rw.analyze(articles, names=["a", None, "c", "d"]).documents
    assert documents["doc"] == [0, 1, 2, 3] and documents["name"] == ["a", None, "c", "d"]
    assert documents["length"] == [len(text or "") for text in articles]
    assert documents["n_sentences"] == [2, 0, 0, 1]


def test_counts_of_documents_are_those_of_the_tables(news):
    analysis = rw.analyze(news)
    for name in ("sentences", "entities", "mentions", "relations"):
        assert sum(analysis.documents[f"n_{name}"]) == len(getattr(analysis, name))
    assert sum(analysis.documents["n_tokens"]) == len(rw.tokens(news))


def test_functions_agree_with_analyze(news):
    analysis = rw.analyze(news)
    assert rw.entities(news) == analysis.entities and rw.relations(news) == analysis.relations
    assert rw.sentences(news) == analysis.sentences and rw.score_pairs(analysis.relations) == analysis.pairs


def test_analysis_of_a_series_has_its_labels(news):
    analysis = rw.analyze(pd.Series(news, index=list("abcde")))
    assert analysis.documents["doc"] == list("abcde") and set(analysis.entities["doc"]) <= set("abcde")


def test_names_have_an_english_label():
    rows = rw.entities("التقى إيمانويل ماكرون حسين الديماسي في صفاقس يوم الاثنين")
    english = {row["text"]: row["english"] for row in rows}
    assert english["إيمانويل ماكرون"] == "Emmanuel Macron"
    assert english["صفاقس"] == "Sfax"
    assert english["حسين الديماسي"].startswith("~Hussein")
    assert english["يوم الاثنين"] is None


def test_names_of_another_tagger():
    text = "زار أبو فلان الفلاني مدينة كذا عام 2015"
    name = "أبو فلان الفلاني"
    start = text.index(name)
    table = {"doc": [0], "start": [start], "end": [start + len(name)], "label": ["PER"], "entity": ["فلان"]}
    rows = rw.analyze([text], entities=table).entities.to_dicts()
    assert [(row["text"], row["entity"]) for row in rows if row["label"] == "PER"] == [(name, "فلان")]
    assert [row["value"] for row in rows if row["label"] == "DATE"] == ["2015"]
    series = pd.Series([text], index=["x"])
    labelled = rw.analyze(series, entities=pd.DataFrame({**table, "doc": ["x"]})).entities
    assert labelled[0]["doc"] == "x" and labelled[0]["text"] == name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"doc": [3]}, "row 0: there is no text 3"),
        ({"end": [99]}, "row 0: 0:99 is no span of text 0, which has 4 characters"),
        ({"label": ["PERSON"]}, 'row 0: label "PERSON" is none of PER, ORG'),
    ],
)
def test_wrong_names_of_another_tagger(change, message):
    table = {"doc": [0], "start": [0], "end": [4], "label": ["PER"], **change}
    with pytest.raises(rw.RawabitError, match=message):
        rw.analyze(["داعش"], entities=table)


def relation(**changes):
    row = {
        "doc": 0, "family": "ATTACK", "source_entity": "أ", "target_entity": "ب", "symmetric": False,
        "factuality": "certain", "negated": False, "intensity": -9.0, "confidence": 0.9, "score": -8.1,
        "date": None, "published": "2016-07-21", "outlet": "x",
    }  # fmt: skip
    return {**row, **changes}


def columns(*rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_pairs_group_by_columns_and_periods():
    rows = columns(
        relation(),
        relation(doc=1, published="2016-08-01", outlet="y"),
        relation(doc=2, date="2016-08-02", outlet="y"),
    )
    table = rw.Table(rows)
    assert rw.score_pairs(table)["n_docs"] == [3]
    by_month = rw.score_pairs(table, by="month")
    assert dict(zip(by_month["month"], by_month["n_docs"], strict=True)) == {"2016-07": 1, "2016-08": 2}
    inexact = rw.Table(columns(*(
        relation(doc=doc, date=date)
        for doc, date in enumerate(["2014/2017", "2014", "2016-W29", "2016-07-01/2016-07-31", "2016-07-30/2016-08-02"])
    )))  # fmt: skip
    assert rw.score_pairs(inexact, by="month")["month"] == [None, "2016-07"]
    assert set(rw.score_pairs(inexact, by="year")["year"]) == {None, "2014", "2016"}
    by_both = rw.score_pairs(table, by=["outlet", "year"])
    assert by_both.columns[:4] == ["outlet", "year", "source", "target"] and len(by_both) == 2
    assert rw.score_pairs(table)[0]["last"] == "2016-08-02"
    with pytest.raises(rw.RawabitError, match="rename yours"):
        rw.score_pairs(table, by="source")
    with pytest.raises(rw.RawabitError, match="no such column"):
        rw.score_pairs(table, by="nichts")


def test_pairs_and_associations_keep_the_kind_of_frame(news):
    relations, entities = rw.relations(news), rw.entities(news)
    for function, table in ((rw.score_pairs, relations), (rw.associations, entities)):
        want = function(table)
        assert isinstance(want, rw.Table)
        assert list(function(table.to_pandas())) == want.columns
        assert function(table.to_polars()).to_dicts() == want.to_dicts()
        assert function(table.to_arrow()) == want


def test_partial_pairs_are_those_of_the_whole(news):
    relations = rw.relations(news * 3)
    statistics = rw.PairStatistics()
    for start in range(0, len(relations), 7):
        statistics.add(relations[start : start + 7])
    assert statistics.pairs() == rw.score_pairs(relations)
    assert statistics.pairs(directed=False) == rw.score_pairs(relations, directed=False)


def test_associations_leave_dates_and_amounts_out():
    entities = rw.entities(["أعلن مجلس الأمن في نيويورك عام 2015 أن الأمم المتحدة قدمت 100 دولار."])
    assert "2015" not in " ".join(rw.associations(entities)["entity_a"])

"""Names from other taggers, and what is made of them."""

from __future__ import annotations

import pytest

import rawabit as rw
from rawabit import engines

TEXTS = ["زار زغبور بن طلفاح مدينة القاهرة.", "هاجمت كتيبة زغبور قرية شمشون أمس."]

#: What `pipeline("token-classification", aggregation_strategy="simple")` returns for TEXTS.
WHOLE = [
    [
        {"entity_group": "PERS", "score": 0.97, "word": "زغبور بن طلفاح", "start": 4, "end": 18},
        {"entity_group": "LOC", "score": 0.99, "word": "القاهرة", "start": 25, "end": 32},
    ],
    [{"entity_group": "ORG", "score": 0.8, "word": "كتيبة زغبور", "start": 6, "end": 17}],
]


def rows(table):
    return [(row["doc"], row["start"], row["end"], row["label"]) for row in table]


def test_a_pipeline_that_gives_whole_names():
    table = engines.from_transformers(WHOLE)
    assert rows(table) == [(0, 4, 18, "PER"), (0, 25, 32, "LOC"), (1, 6, 17, "ORG")]
    assert table["score"] == pytest.approx([0.97, 0.99, 0.8])
    assert rows(engines.from_transformers(WHOLE[0])) == [(0, 4, 18, "PER"), (0, 25, 32, "LOC")]
    assert rows(engines.from_transformers([])) == rows(engines.from_transformers([[], []])) == []


def test_a_pipeline_that_gives_single_tokens():
    tokens = [
        {"entity": tag, "score": score, "index": i, "word": TEXTS[0][start:end], "start": start, "end": end}
        for i, (tag, score, start, end) in enumerate(
            [("B-PERS", 0.9, 4, 7), ("I-PERS", 0.7, 7, 9), ("I-PERS", 0.8, 10, 12), ("B-PERS", 0.6, 13, 18),
             ("O", 0.9, 19, 24), ("I-LOC", 0.5, 25, 32)]
        )
    ]  # fmt: skip
    table = engines.from_transformers([tokens])
    assert rows(table) == [(0, 4, 12, "PER"), (0, 13, 18, "PER"), (0, 25, 32, "LOC")]
    assert table["score"] == pytest.approx([0.7, 0.6, 0.5])


def test_a_pipeline_without_offsets_is_refused():
    with pytest.raises(rw.RawabitError, match="fast tokenizer"):
        engines.from_transformers([{"entity": "B-PER", "word": "زغبور", "start": None, "end": None}])


def test_words_and_tags():
    words = [["زار", "زغبور", "بن", "طلفاح", "مدينة", "القاهرة", "."], TEXTS[1].rstrip(".").split()]
    tags = [
        ["O", "B-PERS", "I-PERS", "I-PERS", "O", "B-LOC", "O"],
        ["O", "B-ORG", "I-ORG", "O", "B-LOC", "O"],
    ]
    table = engines.from_tags(TEXTS, words, tags)
    assert [TEXTS[row["doc"]][row["start"] : row["end"]] for row in table] == [
        "زغبور بن طلفاح", "القاهرة", "كتيبة زغبور", "شمشون",
    ]  # fmt: skip
    with pytest.raises(rw.RawabitError, match="text 0: the word 'لا' does not stand"):
        engines.from_tags(TEXTS[:1], [["زار", "لا"]], [["O", "O"]])
    with pytest.raises(rw.RawabitError, match="text 0: 2 words, but 1 tags"):
        engines.from_tags(TEXTS[:1], [["زار", "زغبور"]], [["O"]])


def test_labels():
    with pytest.raises(rw.RawabitError, match=r"text 0: the label 'CITY' is unknown.*labels="):
        engines.from_tags(["القاهرة"], [["القاهرة"]], [["B-CITY"]])
    table = engines.from_tags(["القاهرة"], [["القاهرة"]], [["B-CITY"]], labels={"CITY": "LOC"})
    assert rows(table) == [(0, 0, 7, "LOC")]
    assert rows(engines.from_tags(["أول"], [["أول"]], [["B-ORDINAL"]])) == []


def test_the_analysis_goes_on_from_the_names():
    analysis = rw.analyze(TEXTS, entities=engines.from_transformers(WHOLE))
    names = [row["text"] for row in analysis.entities if row["label"] in ("PER", "ORG", "LOC")]
    assert names == ["زغبور بن طلفاح", "القاهرة", "كتيبة زغبور"]
    # What is no name is still found here.
    assert "أمس" in analysis.entities["text"]


def test_the_index_of_a_series():
    pandas = pytest.importorskip("pandas")
    series = pandas.Series(TEXTS, index=["أ", "ب"])
    table = engines.from_transformers(WHOLE, index=series.index)
    assert table["doc"] == ["أ", "أ", "ب"]
    assert set(rw.analyze(series, entities=table).entities["doc"]) == {"أ", "ب"}


def test_spacy():
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed")
    nlp = spacy.blank("ar")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "زغبور بن طلفاح", "id": "زغبور الأول"},
            {"label": "GPE", "pattern": "القاهرة"},
            {"label": "ORG", "pattern": "كتيبة زغبور"},
        ]
    )
    docs = list(nlp.pipe(TEXTS))
    assert [len(doc.ents) for doc in docs] == [2, 1]
    table = engines.from_spacy(docs)
    assert rows(table) == [(0, 4, 18, "PER"), (0, 25, 32, "LOC"), (1, 6, 17, "ORG")]
    assert rows(engines.from_spacy(docs[0])) == rows(table)[:2]
    span = spacy.tokens.Span(docs[1], 1, 3, label="ORG", kb_id="Q1")
    docs[1].ents = [span]
    assert engines.from_spacy(docs)["entity"] == [None, None, "Q1"]


def test_stanza():
    stanza = pytest.importorskip("stanza", reason="Stanza is not installed")
    sentence = [
        {"id": i, "text": word, "start_char": start, "end_char": start + len(word), "ner": tag}
        for i, (word, start, tag) in enumerate(
            [("زار", 0, "O"), ("زغبور", 4, "S-PER"), ("القاهرة", 10, "S-LOC")], 1
        )
    ]
    document = stanza.Document([sentence], text="زار زغبور القاهرة")
    document.build_ents()
    assert rows(engines.from_stanza([document])) == [(0, 4, 9, "PER"), (0, 10, 17, "LOC")]


def test_names_from_outside_and_a_lexicon_of_ones_own():
    lexicon = rw.Lexicon(
        entities=[{"name": "كتيبة زغبور", "label": "ORG", "aliases": ["أسود الشمال"]}],
        families=[{"family": "TICKLE"}],
        triggers=[{"phrase": "دغدغ", "family": "TICKLE"}],
    )
    texts = ["دغدغ زغبور بن طلفاح أسود الشمال أمس.", "انسحب أسود الشمال."]
    names = [
        [
            {"entity_group": "PERS", "score": 0.9, "word": "زغبور بن طلفاح", "start": 5, "end": 19},
            {"entity_group": "ORG", "score": 0.8, "word": "أسود الشمال", "start": 20, "end": 31},
        ],
        [],
    ]
    analysis = rw.analyze(texts, entities=engines.from_transformers(names), lexicon=lexicon)
    # The other tagger says where names stand, the lexicon whose they are and what happens between them.
    assert [(row["doc"], row["entity"]) for row in analysis.entities if row["label"] != "DATE"] == [
        (0, "زغبور بن طلفاح"),
        (0, "كتيبة زغبور"),
    ]
    [relation] = [row for row in analysis.relations if row["family"] == "TICKLE"]
    assert relation["confidence"] > 0.5  # By the rule of plain sentences: no model has seen this family.
    assert (relation["source_entity"], relation["target_entity"]) == ("زغبور بن طلفاح", "كتيبة زغبور")

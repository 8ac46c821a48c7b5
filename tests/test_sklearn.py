"""Steps for scikit-learn pipelines."""

from __future__ import annotations

import pickle
from collections import Counter

import pytest

import rawabit as rw

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
import numpy as np
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline

from rawabit.sklearn import EntityVectorizer, RelationVectorizer, TextNormalizer, Tokenizer

TEXTS = [
    "بايعت بوكو حرام تنظيم داعش.",
    "اتهمت السعودية إيران بدعم الحوثيين.",
    "هاجم تنظيم داعش مدينة الموصل.",
    "التقى وزير الخارجية السعودي نظيره الإيراني في الرياض.",
] * 5
Y = [0, 1, 0, 1] * 5
ALL = [TextNormalizer(), EntityVectorizer(), RelationVectorizer(actors=True, value="score", certain=True)]


@pytest.mark.parametrize("step", ALL, ids=lambda step: type(step).__name__)
def test_the_rules_of_estimators(step):
    """Parameters are kept as given, clones are equal and not fitted, fitted steps pickle and give the same again."""
    copy = clone(step)
    assert copy.get_params() == step.get_params() and repr(copy)
    with pytest.raises(NotFittedError):
        copy.transform(TEXTS)
    assert copy.fit(TEXTS) is copy
    again = pickle.loads(pickle.dumps(copy))
    first, second, third = copy.transform(TEXTS), again.transform(TEXTS), clone(step).fit_transform(TEXTS)
    if hasattr(first, "toarray"):
        first, second, third = first.toarray(), second.toarray(), third.toarray()
        assert first.shape == (len(TEXTS), len(copy.get_feature_names_out())) and first.any()
    assert np.array_equal(first, second) and np.array_equal(first, third)
    with pytest.raises(ValueError, match="one str"):
        copy.transform("نص")


def test_normalized_text_goes_into_a_vectorizer():
    pipeline = make_pipeline(TextNormalizer("search"), CountVectorizer())
    pipeline.fit(["القَاعِدَةُ", "القاعده"])
    assert pipeline.get_feature_names_out().tolist() == ["القاعده"]
    assert clone(TextNormalizer("light", {"tatweel": True})).fit_transform(["ـنص"]) == rw.normalize(
        ["ـنص"], "light", tatweel=True
    )
    with pytest.raises(rw.RawabitError):
        TextNormalizer("nothing").fit(["نص"])


def test_entities_are_counted_by_what_they_stand_for():
    vectorizer = EntityVectorizer(labels=("ORG",)).fit(["هاجم داعش القرية. وانسحب تنظيم داعش أمس."])
    assert vectorizer.get_feature_names_out().tolist() == ["تنظيم الدولة الإسلامية"]
    assert vectorizer.transform(["داعش", "القاهرة", ""]).toarray().tolist() == [[1], [0], [0]]
    assert EntityVectorizer(min_df=2).fit(["داعش", "داعش وطهران"]).vocabulary_ == {
        "تنظيم الدولة الإسلامية": 0
    }


def test_relations():
    """The same as counting the rows of the table."""
    table = rw.relations(TEXTS)
    vectorizer = RelationVectorizer(actors=True).fit(TEXTS)
    names = vectorizer.get_feature_names_out().tolist()
    claims = [f"{row['source_entity']} {row['family']} {row['target_entity']}" for row in table]
    assert names == sorted(set(claims)) and "السعودية ACCUSE إيران" in names
    matrix = vectorizer.transform(TEXTS).toarray()
    for (doc, claim), n in Counter(zip(table["doc"], claims, strict=True)).items():
        assert matrix[doc, names.index(claim)] == n
    assert matrix.sum() == len(table)
    scores = RelationVectorizer(value="score").fit_transform(TEXTS)
    assert scores.sum() == pytest.approx(sum(table["score"]))
    denied = ["لم تتهم السعودية إيران بدعم الحوثيين."]
    assert "ACCUSE" in rw.relations(denied)["family"]
    assert "ACCUSE" not in RelationVectorizer(certain=True).fit(denied).vocabulary_
    with pytest.raises(ValueError, match="value='much'"):
        RelationVectorizer(value="much").fit(TEXTS)


def test_a_pipeline_is_searched_and_pickled():
    pipeline = Pipeline([("entities", EntityVectorizer()), ("model", LogisticRegression())])
    search = GridSearchCV(pipeline, {"entities__binary": [False, True]}, cv=2).fit(TEXTS, Y)
    assert search.best_score_ == 1.0
    assert pickle.loads(pickle.dumps(search)).predict(TEXTS).tolist() == Y


def test_a_column_of_a_table():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": TEXTS, "n": range(len(TEXTS))})
    columns = ColumnTransformer(
        [("names", EntityVectorizer(), "text"), ("claims", RelationVectorizer(), ["text"])]
    )
    out = columns.fit_transform(frame)
    assert out.shape[0] == len(TEXTS)
    assert any(name.startswith("names__") for name in columns.get_feature_names_out())
    assert "claims__ATTACK" in columns.get_feature_names_out()


@pytest.mark.parametrize("form", ["norm", "stem", "text"])
def test_tokens(form):
    tokenizer = pickle.loads(pickle.dumps(Tokenizer(form)))
    vectorizer = TfidfVectorizer(analyzer=tokenizer).fit(TEXTS)
    assert set(vectorizer.get_feature_names_out()) == {w for text in TEXTS for w in tokenizer(text)}
    table = rw.tokens(TEXTS[0])
    assert tokenizer(TEXTS[0]) == [
        w for w, kind in zip(table[form], table["kind"], strict=True) if kind != "punct"
    ]
    with pytest.raises(ValueError, match="form='lemma'"):
        Tokenizer("lemma")

"""Every kind of column in; every wrong one refused with a message that names the place."""

import datetime
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rawabit as rw

TEXTS = ["قال زيد. ذهب عمرو", None, "", "نعم!"]
WANT = {"doc": [0, 0, 3], "text": ["قال زيد.", "ذهب عمرو", "نعم!"]}


class ArrowArray:
    """What speaks only the protocol for single arrays."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array

    def __arrow_c_array__(self, requested_schema=None):
        return self.array.__arrow_c_array__(requested_schema)


COLUMNS = {
    "list": TEXTS,
    "tuple": tuple(TEXTS),
    "generator": lambda: (text for text in TEXTS),
    "numpy objects": np.array(TEXTS, dtype=object),
    "list with NaN": [TEXTS[0], float("nan"), "", TEXTS[3]],
    "list with NA": [TEXTS[0], pd.NA, "", TEXTS[3]],
    "pandas object": pd.Series(TEXTS, dtype=object),
    "pandas str": pd.Series(TEXTS, dtype="str"),
    "pandas string, python": pd.Series(TEXTS, dtype="string[python]"),
    "pandas string, pyarrow": pd.Series(TEXTS, dtype="string[pyarrow]"),
    "pandas Arrow": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.string())),
    "pandas Arrow, large": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.large_string())),
    "pandas category": pd.Series(TEXTS, dtype="category"),
    "pandas slice": pd.Series(["x", *TEXTS, "y"])[1:-1].reset_index(drop=True),
    "polars": pl.Series(TEXTS),
    "polars categorical": pl.Series(TEXTS, dtype=pl.Categorical),
    "polars objects": pl.Series(TEXTS, dtype=pl.Object),
    "pyarrow string": pa.array(TEXTS),
    "pyarrow large_string": pa.array(TEXTS, pa.large_string()),
    "pyarrow string_view": pa.array(TEXTS, pa.string_view()),
    "pyarrow dictionary": pa.array(TEXTS).dictionary_encode(),
    "pyarrow slice": pa.array(["x", *TEXTS, "y"])[1:-1],
    "pyarrow chunks": pa.chunked_array([TEXTS[:1], [], TEXTS[1:]], pa.string()),
    "__arrow_c_array__": ArrowArray(pa.array(TEXTS)),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_every_kind_of_column_gives_the_same_records(name):
    column = COLUMNS[name]
    got = rw.sentences(column() if callable(column) else column)
    assert {key: list(got[key]) for key in WANT} == WANT
    kind = {"pandas": pd.DataFrame, "polars": pl.DataFrame}.get(name.split()[0], rw.Table)
    assert type(got) is kind


@pytest.mark.parametrize("function", [rw.sentences, rw.tokens, rw.entities, rw.relations])
@pytest.mark.parametrize(
    "x", [None, "", [], [None, None], pa.array([], pa.string()), pa.nulls(3), "\u200f\u202b\u202c\u200e"]
)
def test_nothing_in_nothing_out(function, x):
    assert len(function(x)) == 0


@pytest.mark.parametrize(
    "x", [pd.Series([], dtype="str"), pd.Series([None, None]), pl.Series([], dtype=pl.String)]
)
def test_empty_columns_keep_their_kind_and_columns(x):
    frame = rw.entities(x)
    assert list(frame.columns)[:4] == ["doc", "sentence", "start", "end"] and len(frame) == 0


def test_one_text_is_a_column_of_one():
    assert rw.sentences("نعم. لا.").to_dicts() == rw.sentences(["نعم. لا."]).to_dicts()


SEVEN = ["نص"] * 7
WRONG = {
    "int in a list": ([*SEVEN, 7], "item 7 is int, expected str or None"),
    "bytes in a list": ([*SEVEN, b"x"], "item 7 is bytes, expected str or None"),
    "float in a Series": (pd.Series([*SEVEN, 1.5], dtype=object), "item 7 is float, expected str or None"),
    "bytes": (b"\xd9\x86", 'got bytes; decode it first, for example with .decode("utf-8")'),
    "int": (7, "expected str or a column of str, got int"),
    "dict": ({"a": "b"}, r"got dict; pass list(d.values())"),
    "pandas frame": (pd.DataFrame({"text": SEVEN}), r"got DataFrame; pass one column"),
    "polars frame": (pl.DataFrame({"text": SEVEN}), r"got DataFrame; pass one column"),
    "pyarrow table": (pa.table({"text": SEVEN}), r"got Table; pass one column"),
    "column of ints": (pd.Series([1, 2]), "item 0 is int64"),
    "polars column of ints": (pl.Series([1, 2]), "item 0 is int64"),
    "pyarrow binary": (pa.array([b"x"]), "item 0 is binary"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_types_are_named_with_their_place(name):
    x, message = WRONG[name]
    with pytest.raises(TypeError, match=re.escape(message)):
        rw.entities(x)


def test_a_lone_surrogate_names_its_row():
    with pytest.raises(rw.TextError, match="row 2 has a lone surrogate at character 3"):
        rw.entities(["نص", None, "نص \ud800"])
    assert issubclass(rw.TextError, rw.RawabitError) and issubclass(rw.RawabitError, ValueError)


def test_a_lone_surrogate_may_be_replaced_and_offsets_stay():
    text = "\ud83d\ud800 في عام 2015"
    (row,) = [row for row in rw.tokens(text, errors="replace") if row["text"] == "2015"]
    assert text[row["start"] : row["end"]] == "2015"


def test_errors_has_two_values():
    with pytest.raises(rw.RawabitError, match='expected "strict" or "replace"'):
        rw.tokens("نص", errors="ignore")


def test_a_line_of_ten_megabytes():
    text = "قال محمد إن 12 شخصا قتلوا " * 220_000
    assert len(text.encode()) > 9_000_000
    table = rw.tokens(text)
    assert len(table) == 6 * 220_000 and table[-1]["text"] == "قتلوا"
    # No sentence end anywhere: one sentence of 1.3 million tokens.
    assert table[-1]["sentence"] == 0


DATE = datetime.date(2016, 7, 21)
DATES = {
    "date": DATE,
    "datetime": datetime.datetime(2016, 7, 21, 12),
    "str": "2016-07-21T10:00:00+01:00",
    "list": [DATE, None],
    "strings": ["2016-07-21", ""],
    "pandas datetimes": pd.to_datetime(pd.Series(["2016-07-21", None])),
    "pandas strings": pd.Series(["2016-07-21", None]),
    "polars dates": pl.Series([DATE, None]),
    "pyarrow dates": pa.array([DATE, None]),
    "numpy datetimes": np.array(["2016-07-21", "NaT"], dtype="datetime64[D]"),
}


@pytest.mark.parametrize("name", DATES)
def test_every_kind_of_date(name):
    analysis = rw.analyze(["بايع زيد عمرا", "نص"], date=DATES[name])
    assert analysis.documents["date"][0] == "2016-07-21"


def test_wrong_dates_name_their_row():
    with pytest.raises(rw.RawabitError, match='date of row 1: "21/7" is no date'):
        rw.entities(["نص", "نص"], date=["2016-07-21", "21/7"])
    with pytest.raises(TypeError, match="date of row 0 is int"):
        rw.entities(["نص"], date=[20160721])
    with pytest.raises(rw.RawabitError, match="1 dates for 2 texts"):
        rw.entities(["نص", "نص"], date=["2016-07-21"])

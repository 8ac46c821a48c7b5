"""Table: a record batch that every engine reads."""

import pickle

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rawabit as rw

COLUMNS = {
    "name": ["داعش", "القاعدة", None, "طالبان"],
    "n": [1, 2, 3, -4],
    "score": [0.5, None, 1.0, -2.25],
    "sure": [True, False, None, True],
}


@pytest.fixture
def table() -> rw.Table:
    return rw.Table(COLUMNS)


@pytest.fixture
def relations(news) -> rw.Table:
    return rw.relations(news)


def test_columns_rows_and_slices(table):
    assert len(table) == 4 and table.shape == (4, 4) and table.columns == list(COLUMNS)
    assert table["name"] == COLUMNS["name"] and table["score"] == COLUMNS["score"]
    assert table[1] == {"name": "القاعدة", "n": 2, "score": None, "sure": False}
    assert table[-1] == table[3] == list(table)[3]
    assert table.to_dicts() == list(table) and table.to_dict() == COLUMNS
    assert table[1:3].to_dicts() == list(table)[1:3] and len(table[4:]) == 0
    assert table[["n", "name"]].columns == ["n", "name"]


def test_what_is_not_there_is_named(table):
    with pytest.raises(KeyError, match="no column"):
        table["nichts"]
    with pytest.raises(IndexError, match="row 4 of a table of 4 rows"):
        table[4]
    with pytest.raises(TypeError, match="not float"):
        table[1.0]


def test_a_table_is_immutable(table):
    with pytest.raises(TypeError):
        table["n"] = [1]
    with pytest.raises(AttributeError):
        table.n = 1


def test_equality_is_by_value(table):
    assert table == rw.Table(COLUMNS) and table != rw.Table({**COLUMNS, "n": [1, 2, 3, 4]})
    assert table[1:] == rw.Table({name: values[1:] for name, values in COLUMNS.items()})
    assert table != "داعش"


@pytest.mark.parametrize("part", [slice(None), slice(1, 3), slice(0, 0)])
def test_pickle(table, part):
    assert pickle.loads(pickle.dumps(table[part])) == table[part]


def test_every_engine_reads_it(table):
    for frame in (pd.DataFrame(table), table.to_pandas()):
        assert list(frame["name"].dropna()) == ["داعش", "القاعدة", "طالبان"] and frame["n"].sum() == 2
    for frame in (pl.DataFrame(table), table.to_polars()):
        assert frame.to_dict(as_series=False) == COLUMNS
    for rows in (pa.table(table), table.to_arrow()):
        assert rows.to_pydict() == COLUMNS
        assert rows.schema.types == [pa.string(), pa.int64(), pa.float64(), pa.bool_()]
    t = table  # noqa: F841 (DuckDB finds it by its name)
    assert duckdb.sql("select sum(n) from t where name like '%ا%'").fetchall() == [(-1,)]


def test_other_tables_come_in(table):
    for other in (pa.table(table), pl.DataFrame(table), table.to_pandas(), table.to_dict(), table):
        again = rw.Table(other)
        assert again["name"] == COLUMNS["name"] and again["n"] == COLUMNS["n"]
    narrow = pa.table({"n": pa.array([1, None], pa.uint8()), "s": pa.array(["a", None]).dictionary_encode()})
    assert rw.Table(narrow).to_dict() == {"n": [1, None], "s": ["a", None]}
    assert rw.Table(narrow[:0]).columns == ["n", "s"]
    with pytest.raises(TypeError, match="expected a table"):
        rw.Table(7)
    with pytest.raises(rw.RawabitError, match="has 1 rows, the first has 2"):
        rw.Table({"a": [1, 2], "b": [1]})


def test_duckdb_counts_families(relations):
    t = relations
    rows = duckdb.sql("select family, count(*) from t group by 1").fetchall()
    assert sum(count for _, count in rows) == len(relations) and {family for family, _ in rows} == set(
        t["family"]
    )


def test_only_signed_integers_and_plain_strings(relations, news):
    tables = [relations, rw.entities(news), rw.tokens(news), rw.sentences(news), rw.score_pairs(relations)]
    for table in tables:
        assert set(pa.table(table).schema.types) <= {pa.string(), pa.int64(), pa.float64(), pa.bool_()}


def test_representations(table):
    html = rw.Table({"a": ['<b>&"', None]})._repr_html_()
    assert 'dir="rtl"' in html and "&lt;b&gt;&amp;&quot;" in html and "<b>" not in html
    assert repr(table).startswith("Table of 4 rows × 4 columns") and "داعش" in repr(table)
    assert "… 95 more" in repr(rw.Table({"n": list(range(100))}))
    assert "first 10 of 100 rows" in rw.Table({"n": list(range(100))})._repr_html_()

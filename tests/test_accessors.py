"""`series.rawabit` in pandas and polars."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rawabit as rw
from rawabit import frames

TEXTS = ["هاجم تنظيم داعش مدينة الموصل.", None, "زار الوزير القاهرة. ثم عاد."]


@pytest.fixture
def pandas():
    pandas = pytest.importorskip("pandas")
    frames.register()
    return pandas


@pytest.fixture
def polars():
    polars = pytest.importorskip("polars")
    frames.register()
    return polars


@pytest.mark.parametrize("name", ["sentences", "tokens", "entities", "relations"])
def test_pandas_gives_what_the_functions_give(pandas, name):
    series = pandas.Series(TEXTS, index=["a", "b", "c"])
    found = getattr(series.rawabit, name)()
    pandas.testing.assert_frame_equal(found, getattr(rw, name)(series))
    assert set(found["doc"]) <= {"a", "c"} and len(found)


@pytest.mark.parametrize("name", ["sentences", "tokens", "entities", "relations"])
def test_polars_gives_what_the_functions_give(polars, name):
    series = polars.Series("text", TEXTS)
    found = getattr(series.rawabit, name)()
    assert found.equals(getattr(rw, name)(series)) and len(found)


def test_normalize_keeps_the_column(pandas, polars):
    series = pandas.Series(["القَاعِدَةُ", None], index=[5, 7], name="text")
    normal = series.rawabit.normalize()
    assert normal.index.tolist() == [5, 7] and normal.name == "text" and normal[5] == "القاعده"
    frame = polars.DataFrame({"text": ["القَاعِدَةُ", None]})
    assert frame["text"].rawabit.normalize().to_list() == ["القاعده", None]
    lazy = frame.lazy().select(polars.col("text").rawabit.normalize("light"))
    assert lazy.collect()["text"].to_list() == rw.normalize(["القَاعِدَةُ", None], "light")


def test_analyze_takes_options(pandas):
    analysis = pandas.Series(TEXTS, index=["a", "b", "c"]).rawabit.analyze(date="2016-07-21")
    assert analysis.documents["doc"] == ["a", "b", "c"]
    assert set(analysis.documents["date"]) == {"2016-07-21"}


@pytest.mark.parametrize(
    ("imports", "there"),
    [
        ("import pandas, rawabit", True),
        ("import rawabit, pandas", False),
        ("import rawabit, pandas; rawabit.frames.register()", True),
        ("import rawabit, pandas; rawabit.frames.register(); rawabit.frames.register()", True),
    ],
)
def test_when_the_accessor_is_there(pandas, imports, there):
    """Neither order of imports warns, and rawabit imports nothing that was not imported before."""
    code = f"{imports}; print(hasattr(pandas.Series, 'rawabit'))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == (f"{there}\n", "")


def test_nothing_is_imported_for_it():
    code = "import sys, rawabit; print([m for m in ('pandas', 'polars', 'pyarrow', 'sklearn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

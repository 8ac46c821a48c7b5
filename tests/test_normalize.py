"""normalize, Normalizer and Aligned from Python: kinds in and out, switches, alignment against a plain oracle."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rawabit as rw

PROFILES = [
    "none", "light", "search", "display", "model", "camel", "lucene",
    "araclean-light", "araclean-search", "pyarabic", "maha",
]  # fmt: skip

text = st.text(
    st.one_of(
        st.sampled_from("ابتلمنهويأإآٱىةکگ ءؤئ"),
        st.sampled_from("\u064b\u064e\u064f\u0651\u0652\u0653\u0654\u0655\u0670\u0640"),
        st.sampled_from("\u200c\u200d\u200f\ufeff\u00a0 \n٠١٢۳٣ABcdﻻﷺ👨👩<>&@#"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)


def naive(normalizer, text):
    """The profiles that map each code point by itself, by str.translate."""
    return text.translate({ord(ch): to for ch, to in normalizer.code_points().items()})


def test_kinds_come_back_as_they_came():
    assert rw.normalize("أمريكا") == "امريكا"
    assert rw.normalize(["أ", None, "ﷺ"]) == ["ا", None, "صلي الله عليه وسلم"]
    assert rw.normalize(("أ",)) == ["ا"]
    assert rw.normalize(x for x in ["أ", None]) == ["ا", None]
    assert rw.normalize(None) is None
    assert rw.normalize([]) == []


def test_pandas_keeps_index_name_and_dtype():
    pd = pytest.importorskip("pandas")
    for dtype in ["str", "object", "string"]:
        series = pd.Series(["أ", None, "ب"], index=[5, 6, 7], name="نص", dtype=dtype)
        got = rw.normalize(series)
        pd.testing.assert_index_equal(got.index, series.index)
        assert got.name == "نص" and got.dtype == series.dtype
        assert got.fillna("").tolist() == ["ا", "", "ب"]
    assert rw.normalize(pd.Series([], dtype="str")).tolist() == []


def test_polars_and_arrow():
    pl = pytest.importorskip("polars")
    pa = pytest.importorskip("pyarrow")
    got = rw.normalize(pl.Series("نص", ["أ", None]))
    assert got.name == "نص" and got.to_list() == ["ا", None]
    for column in [
        pa.array(["أ", None]),
        pa.array(["أ", None], pa.large_string()),
        pa.array(["أ", None], pa.string_view()),
        pa.array(["أ", None]).dictionary_encode(),
        pa.chunked_array([["أ"], [None]]),
        pa.array(["x", "أ", None]).slice(1),
    ]:
        assert rw.normalize(column).to_pylist() == ["ا", None]


def test_threads_do_not_show():
    pa = pytest.importorskip("pyarrow")
    column = pa.array([f"{'مُحَمَّدٌ ' * (i % 50)}{i}" if i % 7 else None for i in range(50_000)])
    one = rw.normalize(column, threads=1)
    assert rw.normalize(column, threads=2).equals(one)
    assert one.to_pylist() == rw.normalize(column.to_pylist())


def test_switches():
    assert rw.normalize("مُحَمَّدٌ أ", diacritics=False) == "مُحَمَّدٌ ا"
    assert rw.normalize("مُحَمَّدٌ أ", diacritics="harakat", alef=None) == "محمد أ"
    assert rw.normalize("مدرسة", "none", teh_marbuta=True) == "مدرسه"
    with pytest.raises(TypeError, match="digits"):
        rw.normalize("x", digit="ascii")
    with pytest.raises(TypeError, match="bool"):
        rw.normalize("x", digits=3)
    with pytest.raises(ValueError, match="persian"):
        rw.normalize("x", digits="roman")
    with pytest.raises(rw.RawabitError, match="search"):
        rw.normalize("x", "serch")


def test_bad_input_names_its_place():
    with pytest.raises(TypeError, match="item 1 is int"):
        rw.normalize(["a", 1])
    with pytest.raises(rw.TextError, match="row 1"):
        rw.normalize(["a", "\ud800"])
    with pytest.raises(rw.TextError):
        rw.normalize("ab\udfff")
    assert rw.normalize(["أ\ud800b"], errors="replace") == ["ا\ufffdb"]


def test_normalizers_pickle_and_compare():
    normalizer = rw.Normalizer("model", digits=False, tatweel=True)
    again = pickle.loads(pickle.dumps(normalizer))
    assert again == normalizer and hash(again) == hash(normalizer) and again != rw.Normalizer("model")
    assert again.switches["digits"] == "keep" and again.profile == "model"
    assert again("١ـ") == normalizer("١ـ") == "١"


def test_code_points_say_what_is_mapped():
    code_points = rw.Normalizer("lucene").code_points()
    assert code_points["أ"] == "ا" and code_points["\u064b"] == "" and len(code_points) == 14


@given(text)
def test_profiles_without_context_are_a_translation(text):
    for profile in ["lucene", "pyarabic", "maha", "none"]:
        normalizer = rw.Normalizer(profile)
        assert normalizer(text) == naive(normalizer, text)


@given(text)
def test_one_list_and_arrow_agree(text):
    for profile in PROFILES:
        normalizer = rw.Normalizer(profile)
        assert [normalizer(text)] == normalizer([text]) == normalizer(iter([text]))
        assert normalizer.aligned(text).text == normalizer(text)


@given(text, st.integers(0, 90), st.integers(0, 90))
def test_spans_go_there_and_back(text, a, b):
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    for profile in PROFILES:
        aligned = rw.Normalizer(profile).aligned(text)
        there = aligned.to_normalized(start, end)
        assert 0 <= there[0] <= there[1] <= len(aligned.text)
        back = aligned.to_original(*there)
        if start < end:
            assert back[0] <= start and end <= back[1]


def test_a_found_span_maps_to_the_written_one():
    original = "قال الرَّئيسُ أوبـــاما إنّ ٱلحرب"
    aligned = rw.Normalizer("search").aligned(original)
    start = aligned.text.index("اوباما")
    start, end = aligned.to_original(start, start + len("اوباما"))
    assert original[start:end] == "أوبـــاما"


@given(st.lists(st.none() | text, max_size=5), st.integers(0, 40), st.integers(0, 40))
def test_a_column_is_aligned_as_its_texts_are(texts, a, b):
    for profile in ["search", "model", "light"]:
        normalizer = rw.Normalizer(profile)
        column = normalizer.aligned(texts)
        assert len(column) == len(texts) and column.texts == normalizer(texts)
        for row, (one, found) in enumerate(zip(texts, column, strict=True)):
            if one is None:
                assert found is None
                continue
            alone = normalizer.aligned(one)
            assert found.text == alone.text and len(found) == len(alone)
            assert column.to_original(row, a, b) == found.to_original(a, b) == alone.to_original(a, b)
            assert column.to_normalized(row, a, b) == found.to_normalized(a, b) == alone.to_normalized(a, b)


def test_rows_of_an_aligned_column():
    column = rw.Normalizer("search").aligned(iter(["مُحَمَّدٌ", None, "أحمد"]))
    assert repr(column) == "AlignedTexts(3 texts)" and column[-1].text == "احمد" and column[1] is None
    assert column.to_original(-3, 0, 1) == (0, 2)
    with pytest.raises(IndexError):
        column[3]
    with pytest.raises(IndexError):
        column.to_original(-4, 0, 1)
    with pytest.raises(ValueError, match="row 1 has no text"):
        column.to_normalized(1, 0, 1)
    with pytest.raises(rw.TextError, match="row 1"):
        rw.Normalizer().aligned(["a", "\ud800"])
    with pytest.raises(rw.TextError):
        rw.Normalizer().aligned("\ud800")
    assert rw.Normalizer().aligned("\ud800", errors="replace").text == "\ufffd"


def test_the_documented_switches_are_current():
    import runpy
    from pathlib import Path

    root = Path(__file__).resolve().parent.parent
    tool = runpy.run_path(str(root / "tools/normalization_docs.py"))
    assert (root / "docs/normalization.md").read_text() == tool["document"]()


def test_transliteration_there_and_back():
    text = "قال مُحَمَّدٌ: «أمّا بعد» ١٢"
    for scheme in ["buckwalter", "safe", "xml", "hsb"]:
        assert rw.transliterate(rw.transliterate(text, scheme), scheme, reverse=True) == text
    assert rw.transliterate(["شمس", None]) == ["$ms", None]
    assert rw.romanize("محمد بن سلمان") == "Muhammad bin Salman"
    with pytest.raises(ValueError, match="buckwalter"):
        rw.transliterate("x", "iso")

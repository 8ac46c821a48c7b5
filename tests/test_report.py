"""The report and the pieces it is made of, on records made by hand."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import rawabit as rw
from handmade import DOCUMENTS, ENTITIES, PAIRS, RELATIONS, SENTENCES, TEXTS, pair
from rawabit.explain import explain
from rawabit.highlight import Span, highlight
from rawabit.highlight import arabic as highlighted
from rawabit.network import picture
from rawabit.report import one_document, page, score_bar

VOID = {"meta", "br", "line", "circle", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """What a page consists of: balanced elements, their classes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text += data

    def count(self, tag: str, name: str) -> int:
        return sum(t == tag and name in (a.get("class") or "").split() for t, a in self.elements)


@pytest.fixture(scope="module")
def html() -> str:
    return page(
        documents=DOCUMENTS,
        sentences=SENTENCES,
        entities=ENTITIES,
        relations=RELATIONS,
        pairs=PAIRS,
        texts=TEXTS,
        version="0",
    )


def test_the_page_holds_every_article_relation_entity_and_pair(html):
    found = Page(html)
    assert sum(tag == "article" for tag, _ in found.elements) == len(DOCUMENTS)
    assert found.count("li", "relation") == len(RELATIONS)
    assert found.count("svg", "bar") == len(PAIRS)
    assert found.count("svg", "network") == 1
    in_text = [
        a for t, a in found.elements if t == "span" and "e" in (a.get("class") or "").split() and "title" in a
    ]
    assert len(in_text) == len(ENTITIES)


def test_the_page_needs_no_network_and_no_script(html):
    found = Page(html)
    assert not any(tag in ("script", "link", "img", "iframe") for tag, _ in found.elements)
    references = [a[key] for _, a in found.elements for key in ("src", "href") if key in a]
    assert all(r.startswith("#") for r in references)
    assert "url(" not in html and "@import" not in html


def test_text_is_escaped_and_complete(html):
    assert "<script>" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in html
    text = "".join(Page(html).text.split())
    for sentence in SENTENCES:
        # Numbers that refer to the list below stand between the words; take them out of both.
        want = "".join(c for c in sentence["text"] if not c.isspace() and not c.isdigit())
        assert want in "".join(c for c in text if not c.isdigit())


def test_status_is_shown(html):
    found = Page(html)
    assert found.count("span", "no-claim") == 1
    assert found.count("li", "negated") == 1
    assert found.count("span", "possible") == 1 and found.count("span", "certain") == 3
    assert "according to" in found.text
    assert found.count("span", "cue") == 2  # one in the text, one in the legend


def test_a_long_corpus_is_cut_and_says_so():
    documents = [{"doc": i, "name": None, "date": None} for i in range(30)]
    texts = dict.fromkeys(range(30), "نص")
    pairs = [pair(f"أ{i}", f"ب{i}", 1.0, 0.0) for i in range(40)]
    html = page(
        documents=documents, sentences=[], entities=[], relations=RELATIONS, pairs=pairs, texts=texts, version="0",
        max_documents=3, max_pairs=5,
    )  # fmt: skip
    found = Page(html)
    shown = [a["id"] for t, a in found.elements if t == "article"]
    assert shown == ["doc-0", "doc-1", "doc-2"]
    assert found.count("svg", "bar") == 5
    assert "3 of 30 articles are shown" in found.text and "5 of 40 scored pairs" in found.text


def test_an_empty_corpus_has_a_page():
    html = page(documents=[], sentences=[], entities=[], relations=[], pairs=[], texts={}, version="0")
    assert "No pair has a score." in Page(html).text


def test_one_document_carries_its_own_style():
    html = one_document(TEXTS[0], SENTENCES[:2], ENTITIES[:5], RELATIONS[:2])
    found = Page(html)
    assert found.count("li", "relation") == 2
    assert html._repr_html_() == html


@pytest.mark.parametrize(
    ("spans", "want"),
    [
        ([], "abcdef"),
        ([Span(1, 3, "x")], 'a<span class="x">bc</span>def'),
        ([Span(0, 4, "x"), Span(2, 6, "y")],
         '<span class="x">ab</span><span class="x y">cd</span><span class="y">ef</span>'),
        ([Span(0, 6, "x"), Span(2, 3, "y")],
         '<span class="x">ab</span><span class="x y">c</span><span class="x">def</span>'),
        ([Span(1, 3, "x", "", 1), Span(1, 3, "x", "", 2)], 'a<span class="x">bc</span><sup>1,2</sup>def'),
        ([Span(2, 2, "x"), Span(9, 12, "y")], "abcdef"),
        ([Span(4, 99, "x")], 'abcd<span class="x">ef</span>'),
    ],
    ids=["none", "one", "crossing", "nested", "same", "empty and outside", "beyond the end"],
)  # fmt: skip
def test_highlight(spans, want):
    assert highlight("abcdef", spans) == want


def test_the_picture_draws_both_sides_of_an_ambivalent_pair():
    drawn = Page(picture(PAIRS))
    assert drawn.count("line", "cooperation") == 2
    assert drawn.count("line", "conflict") == 1
    assert sum(tag == "circle" for tag, _ in drawn.elements) == 3
    assert picture(PAIRS) == picture(PAIRS)
    both_ways = [*PAIRS, pair(PAIRS[0]["target"], PAIRS[0]["source"], 4.8, 7.2)]
    assert picture(both_ways) == picture(PAIRS)
    assert "nothing to draw" in picture([pair("أ", "ب", 0.0, 0.0)])


def test_labels_in_the_picture_do_not_lie_on_each_other():
    star = [pair("مركز", f"طرف {i}", 1.0 + i, 0.0) for i in range(20)]
    places = [
        (float(a["x"]), float(a["y"]))
        for t, a in Page(picture(star)).elements
        if t == "text"
    ]  # fmt: skip
    assert len(places) == 21
    close = [
        (p, q)
        for i, p in enumerate(places)
        for q in places[:i]
        if abs(p[0] - q[0]) < 20 and abs(p[1] - q[1]) < 14
    ]
    assert close == []


def test_the_score_bar_lies_on_the_scale():
    assert 'cx="100.0"' in score_bar(-1.0, 0.0, 1.0)
    assert 'x1="6.0"' in score_bar(-10.0, 0.0, 10.0) and 'x2="194.0"' in score_bar(-10.0, 0.0, 10.0)


def test_explain_shows_every_part_in_its_sentence():
    explained = explain(RELATIONS[1])
    html = explained._repr_html_()
    for name in ("source", "t", "target", "cue"):
        assert Page(html).count("span", name) == 2, name  # legend and text
    printed = str(explained)
    assert RELATIONS[1]["evidence"].strip() in printed
    assert "مستحيل" in printed and "خبراء" in printed and "by hand" in printed
    assert "0.0: the text says that it does not hold" in printed
    assert "−9.0 × 1.00 (certain) × 0.80 = -7.20" in str(explain(RELATIONS[3]))


def test_words_of_another_script_keep_the_font_of_the_prose():
    assert highlighted("داعش") == '<bdi lang="ar">داعش</bdi>' and highlighted("AQAP") == "<bdi>AQAP</bdi>"


def test_explain_takes_a_pandas_row_and_refuses_what_is_no_relation():
    pandas = pytest.importorskip("pandas")
    row = pandas.DataFrame(RELATIONS).iloc[0]
    assert "none" in dict(explain(row).steps)["cues"]
    with pytest.raises(TypeError, match="no column 'family'"):
        explain({"doc": 0})


def test_explain_with_the_text_shows_what_the_model_weighed():
    text = "اتهمت السعودية إيران بدعم الحوثيين. وقال خالد إن الحزب رفض ذلك."
    analysis = rw.analyze([None, text])
    row = next(row for row in analysis.relations if row["family"] == "ACCUSE")
    explained = analysis.explain(row)
    shares = [abs(share) for _, _, share in explained.reasons]
    assert len(shares) > 5 and shares == sorted(shares, reverse=True)
    assert explained.reasons[0][0] in str(explained) and explained.reasons[0][0] in explained._repr_html_()
    assert explained.reasons == explain(row, text).reasons
    with pytest.raises(rw.RawabitError, match="does not give ACCUSE"):
        explain(row, "قال خالد إن الحزب رفض ذلك.")
    with pytest.raises(KeyError, match="no document 7"):
        analysis.explain({**row, "doc": 7})


def test_explain_reads_again_with_what_the_analysis_was_given():
    text = "صاهر زيد خالدا أمس."
    names = {
        "doc": [1, 1],
        "start": [5, 9],
        "end": [8, 14],
        "label": ["PER", "PER"],
        "entity": ["زيد", "خالد"],
    }
    families = [{"family": "MARRY", "symmetric": True, "intensity": 9.0}]
    lexicon = rw.Lexicon(families=families, triggers=[{"family": "MARRY", "phrase": "صاهر"}])
    analysis = rw.analyze(["لا شيء", text], entities=rw.Table(names), lexicon=lexicon)
    row = next(row for row in analysis.relations if row["family"] == "MARRY")
    assert analysis.explain(row).reasons == analysis.explain(0).reasons
    with pytest.raises(rw.RawabitError, match="read again"):
        explain(row, text)

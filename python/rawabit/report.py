"""The report: one HTML file that needs nothing else, and the same look for one document in a notebook.

Everything here turns records into HTML; what a page contains stands in ``report.html``, how it looks in ``report.css``.
"""

from __future__ import annotations

import string
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from rawabit.highlight import Html, Span, arabic, escape, highlight
from rawabit.network import picture

Record = Mapping[str, Any]

#: Labels of names, in the order of the legend; the others are dates and amounts.
NAME_LABELS = ("PER", "ORG", "LOC", "NORP", "EVENT", "MISC")
_TABLES = ("documents", "sentences", "entities", "relations")
VALUE_LABELS = ("DATE", "TIME", "NUMBER", "PERCENT", "MONEY")


#: Articles that a page shows at most.
MAX_DOCUMENTS = 60


class Corpus:
    """The counts of a corpus that may come in parts, and the articles of it that a page shows.

    What it holds does not grow with the corpus, but with the number of different names in it.

    Attributes
    ----------
    documents, entities, relations : int
        How many rows there are.
    mentions, articles : Counter
        How often a name is mentioned, and in how many articles, by (label, name).
    english : dict
        The English name of each name that has one, for readers without Arabic.
    shown : dict
        The articles with most relations: rows of ``documents``, ``sentences``, ``entities`` and ``relations``.
    texts : dict
        Their texts, by ``doc``.
    """

    def __init__(self, size: int = MAX_DOCUMENTS) -> None:
        self.size = size
        self.documents = self.entities = self.relations = 0
        self.mentions: Counter[tuple[str, str]] = Counter()
        self.articles: Counter[tuple[str, str]] = Counter()
        self.english: dict[str, str] = {}
        self.texts: dict[Any, str | None] = {}
        self._rows: dict[Any, dict[str, list[Record]]] = {}

    def count(
        self, documents: Sequence[Record], entities: Iterable[Record], relations: Sequence[Record]
    ) -> None:
        """Count the rows of a part; every article is in one part."""
        self.documents += len(documents)
        self.relations += len(relations)
        seen = set()
        for row in entities:
            self.entities += 1
            if row["label"] in NAME_LABELS:
                key = (row["label"], row["entity"])
                self.mentions[key] += 1
                if row.get("english"):
                    self.english[row["entity"]] = row["english"]
                seen.add((row["doc"], key))
        self.articles.update(key for _, key in seen)

    def add(self, texts: Sequence[str | None], tables: Mapping[str, Any]) -> None:
        """Count a part, given as its tables in the order of ``doc``, and keep its articles with most relations."""
        documents, relations = tables["documents"], tables["relations"]
        self.count(documents, tables["entities"], relations)
        found = Counter(relations["doc"])
        of_before = {doc: len(rows["relations"]) for doc, rows in self._rows.items()}
        here = list(enumerate(documents["doc"]))
        ranked = sorted([*of_before.items(), *((doc, found[doc]) for _, doc in here)], key=lambda x: -x[1])
        kept = {doc for doc, _ in ranked[: self.size]}
        self._rows = {doc: rows for doc, rows in self._rows.items() if doc in kept}
        self.texts = {doc: text for doc, text in self.texts.items() if doc in kept}
        columns = {name: tables[name]["doc"] for name in _TABLES}
        for row, doc in here:
            if doc in kept:
                self.texts[doc] = texts[row]
                self._rows[doc] = {
                    name: tables[name][bisect_left(docs, doc) : bisect_right(docs, doc)].to_dicts()
                    for name, docs in columns.items()
                }

    @property
    def shown(self) -> dict[str, list[Record]]:
        docs = sorted(self._rows)
        return {name: [row for doc in docs for row in self._rows[doc][name]] for name in _TABLES}


@cache
def _resource(name: str) -> str:
    return files("rawabit").joinpath(name).read_text(encoding="utf-8")


def style() -> str:
    """The style sheet, for whoever puts pieces of the report into a page of their own."""
    return _resource("report.css")


def page(
    *,
    documents: Sequence[Record],
    sentences: Iterable[Record],
    entities: Sequence[Record],
    relations: Sequence[Record],
    pairs: Sequence[Record],
    texts: Mapping[Any, str],
    version: str,
    title: str = "Who stands how to whom",
    max_pairs: int = 25,
    max_documents: int = MAX_DOCUMENTS,
    corpus: Corpus | None = None,
) -> Html:
    """The whole report.

    Parameters
    ----------
    documents, sentences, entities, relations, pairs
        Rows of the tables of an analysis; ``pairs`` with one row for the two directions of a pair.
    texts
        The original text of each document that has one.
    max_pairs, max_documents
        What is beyond is counted on the page and left out: those with most documents and with most relations stay.
    corpus
        The counts of a corpus of which ``documents``, ``sentences``, ``entities`` and ``relations`` are only a sample;
        ``pairs`` are those of the whole corpus. Default: they are the corpus.
    """
    if corpus is None:
        corpus = Corpus()
        corpus.count(documents, entities, relations)
    shown = _with_most_relations(documents, relations, max_documents)
    by_document = _by_document(sentences, entities, relations)
    articles = [
        _article(row, texts.get(row["doc"]) or "", by_document[row["doc"]], is_open=i < 10)
        for i, row in enumerate(shown)
    ]
    if len(shown) < corpus.documents:
        articles.insert(
            0,
            f'<p class="note">{len(shown)} of {corpus.documents:,} articles are shown, those with most relations. '
            "The tables hold all.</p>",
        )
    fields = {
        "version": escape(version),
        "title": escape(title),
        "style": style(),
        "figures": _figures(corpus.documents, corpus.entities, corpus.relations, len(pairs)),
        "pairs": pair_table(pairs, max_pairs, corpus.english),
        "network": picture(pairs),
        "names": _name_table(corpus),
        "legend": _legend(),
        "articles": "\n".join(articles),
    }
    return Html(string.Template(_resource("report.html")).substitute(fields))


def one_document(
    text: str, sentences: Iterable[Record], entities: Iterable[Record], relations: Iterable[Record]
) -> Html:
    """One document with its entities highlighted and its relations under each sentence, for a notebook."""
    records = {"sentences": list(sentences), "entities": list(entities), "relations": list(relations)}
    return Html(
        f'<div class="rawabit"><style>{style()}</style>{_legend()}<div class="body">{_body(text, records)}</div></div>'
    )


def _by_document(*tables: Iterable[Record]) -> dict[Any, dict[str, list[Record]]]:
    grouped: dict[Any, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for name, table in zip(("sentences", "entities", "relations"), tables, strict=True):
        for row in table:
            grouped[row["doc"]][name].append(row)
    return grouped


def _with_most_relations(
    documents: Sequence[Record], relations: Iterable[Record], count: int
) -> list[Record]:
    if len(documents) <= count:
        return list(documents)
    found = Counter(row["doc"] for row in relations)
    best = sorted(range(len(documents)), key=lambda i: (-found[documents[i]["doc"]], i))[:count]
    return [documents[i] for i in sorted(best)]


def _figures(*counts: int) -> str:
    names = ("articles", "entity mentions", "relation mentions", "pairs")
    return "".join(f"<li><b>{count:,}</b> {name}</li>" for name, count in zip(names, counts, strict=True))


def _legend() -> str:
    names = "".join(f'<li><span class="e {label}">{label}</span></li>' for label in NAME_LABELS)
    return (
        f'<ul class="legend">{names}<li><span class="e DATE">dates and amounts</span></li>'
        '<li><span class="t">trigger</span> of a relation</li><li><span class="cue">cue</span> of hedging or negation</li></ul>'
    )


# Articles.


def _article(row: Record, text: str, records: Mapping[str, list[Record]], *, is_open: bool) -> str:
    name = row.get("name") or f"Document {row['doc']}"
    date = f'<span class="small">{escape(row["date"])}</span>' if row.get("date") else ""
    count = len(records["relations"])
    return (
        f'<article id="doc-{escape(row["doc"])}"><details{" open" if is_open else ""}><summary><h3>{arabic(name)}</h3>{date}'
        f'<span class="small">{len(records["entities"])} entities, {count} relations</span></summary>'
        f'<div class="body">{_body(text, records)}</div></details></article>'
    )


def _body(text: str, records: Mapping[str, list[Record]]) -> str:
    if not text.strip():
        return '<p class="none">No text.</p>'
    relations: dict[int, list[tuple[int, Record]]] = defaultdict(list)
    for number, row in enumerate(records["relations"], 1):
        relations[row["sentence"]].append((number, row))
    spans = [_entity_span(row) for row in records["entities"]]
    for number, row in enumerate(records["relations"], 1):
        spans.extend(_relation_spans(row, number))
    spans.sort(key=lambda s: s.start)
    blocks, following, open_spans = [], 0, []
    for sentence in records["sentences"]:
        start, end = sentence["start"], sentence["end"]
        while following < len(spans) and spans[following].start < end:
            open_spans.append(spans[following])
            following += 1
        inside = [s for s in open_spans if s.end > start]
        open_spans = [s for s in inside if s.end > end]
        blocks.append(f'<div class="text" lang="ar">{highlight(text, inside, start, end)}</div>')
        if found := relations.get(sentence["sentence"]):
            items = "".join(_relation(row, number) for number, row in found)
            blocks.append(f'<ol class="relations">{items}</ol>')
    return "\n".join(blocks)


def _entity_span(row: Record) -> Span:
    note = row["label"] if row["entity"] == row["text"] else f"{row['label']}: {row['entity']}"
    if row.get("value") is not None:
        note += f" = {row['value']}"
    return Span(row["start"], row["end"], f"e {row['label']}", note)


def _relation_spans(row: Record, number: int) -> list[Span]:
    spans = [Span(row["trigger_start"], row["trigger_end"], "t", row["family"], number)]
    spans.extend(Span(start, end, "cue", "cue of hedging or negation") for start, end in cues(row))
    return spans


def cues(row: Record) -> list[tuple[int, int]]:
    """The cue spans of a relation row: its ``cues``, «start-end start-end …» in code points."""
    pairs = (cue.partition("-") for cue in (row.get("cues") or "").split())
    return [(int(start), int(end)) for start, _, end in pairs]


def _relation(row: Record, number: int) -> str:
    arrow = "↔" if row["symmetric"] else "→"
    chips = [f'<span class="chip {escape(row["factuality"])}">{escape(row["factuality"])}</span>']
    if row["negated"]:
        chips.append('<span class="chip no-claim">negated</span>')
    if row.get("attribution"):
        chips.append(f'<span class="detail">according to {arabic(row["attribution"])}</span>')
    where = [arabic(row[column]) for column in ("place", "date") if row.get(column)]
    if where:
        chips.append(f'<span class="detail">{", ".join(where)}</span>')
    codes = " · ".join(
        f"{name} {escape(row[column])}"
        for name, column in (("PLOVER", "plover"), ("CAMEO", "cameo"))
        if row.get(column)
    )
    side = "coop" if row["intensity"] > 0 else "conf" if row["intensity"] < 0 else "plain"
    confidence = row["confidence"]
    return (
        f'<li class="relation {side}{" negated" if row["negated"] else ""}"><span class="no">{number}</span>'
        f'<span class="family" title="{codes or "no code in PLOVER or CAMEO"}">{escape(row["family"])}</span>'
        f"<span>{_actor(row, 'source')} {arrow} {_actor(row, 'target')}</span>{''.join(chips)}"
        f'<span class="detail">«{arabic(row["trigger"])}»</span>'
        f'<span class="detail" title="score of this mention">{signed(row["score"])}</span>'
        f'<span class="detail">confidence <meter min="0" max="1" value="{confidence:.2f}"></meter> {confidence:.2f}</span></li>'
    )


def _actor(row: Record, role: str) -> str:
    words, name = row[role], row[f"{role}_entity"]
    if not name or name == words:
        return arabic(words)
    return f'{arabic(name)} <span class="detail">({arabic(words)})</span>'


# Tables.


def pair_table(pairs: Sequence[Record], count: int = 25, english: Mapping[str, str] | None = None) -> Html:
    """The first ``count`` scored pairs with score, interval and masses, as an HTML table."""
    scored = [row for row in pairs if row["cooperation"] or row["conflict"] or row["n_negated"]]
    scored.sort(key=lambda row: -(row["cooperation"] + row["conflict"]))
    if not scored:
        return Html('<p class="none">No pair has a score.</p>')
    head = (
        '<tr><th>Pair</th><th class="n">Score</th><th>−10 … +10, with interval</th><th class="n">Coop.</th>'
        '<th class="n">Conflict</th><th class="n">Articles</th><th class="n">Mentions: certain<br>/ hedged / negated</th>'
        "<th>Families</th></tr>"
    )
    body = "".join(_pair_row(row, english or {}) for row in scored[:count])
    left = (
        f'<p class="note">{count} of {len(scored):,} scored pairs, those with the greatest masses.</p>'
        if len(scored) > count
        else ""
    )
    return Html(
        f'{left}<div class="scroll"><table class="pairs"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )


def _in_english(english: str | None) -> str:
    return f' <span class="detail" dir="ltr">{escape(english)}</span>' if english else ""


def _pair_row(row: Record, english: Mapping[str, str]) -> str:
    names = "".join(
        f"<div>{arabic(row[role])}{_in_english(english.get(row[role]))}</div>"
        for role in ("source", "target")
    )
    side = "coop" if row["score"] > 0.5 else "conf" if row["score"] < -0.5 else "none"
    families = escape(row["families"].replace(",", ", "))
    return (
        f'<tr><td class="pair">{names}</td>'
        f'<td class="n">{signed(row["score"])}</td>'
        f'<td class="{side}">{score_bar(row["low"], row["score"], row["high"])}</td>'
        f'<td class="n"><span class="mass coop">{row["cooperation"]:.1f}</span></td>'
        f'<td class="n"><span class="mass conf">{row["conflict"]:.1f}</span></td><td class="n">{row["n_docs"]}</td>'
        f'<td class="n">{row["n_certain"]} / {row["n_hedged"]} / {row["n_negated"]}</td>'
        f'<td class="families">{families}</td></tr>'
    )


def score_bar(low: float, score: float, high: float) -> Html:
    """Score and interval on the scale from −10 to +10 as a small picture."""
    x = [100 + 9.4 * value for value in (low, score, high)]
    note = f"{signed(score)}, 90 % interval {signed(low)} to {signed(high)}"
    return Html(
        f'<svg class="bar" viewBox="0 0 200 24" role="img" aria-label="{note}"><title>{note}</title>'
        '<line class="axis" x1="6" x2="194" y1="12" y2="12"/><line class="zero" x1="100" x2="100" y1="4" y2="20"/>'
        f'<line class="interval" x1="{x[0]:.1f}" x2="{x[2]:.1f}" y1="12" y2="12"/>'
        f'<circle cx="{x[1]:.1f}" cy="12" r="5"/></svg>'
    )


def _name_table(corpus: Corpus, count: int = 12) -> str:
    rows = []
    for label in NAME_LABELS:
        found = [(name, n) for (of, name), n in corpus.mentions.items() if of == label]
        if not found:
            continue
        top = sorted(found, key=lambda item: (-item[1], item[0]))[:count]
        cells = ", ".join(
            f"{arabic(name)}{_in_english(corpus.english.get(name))} "
            f'<span class="detail" title="mentions in articles">{n:,} in {corpus.articles[label, name]:,}</span>'
            for name, n in top
        )
        total = sum(n for _, n in found)
        rows.append(
            f'<tr><td><span class="e {label}">{label}</span></td><td class="n">{total:,}</td><td>{cells}</td></tr>'
        )
    if not rows:
        return '<p class="none">No names.</p>'
    head = '<tr><th>Label</th><th class="n">Mentions</th><th>Most often (mentions in articles)</th></tr>'
    return f'<div class="scroll"><table class="names"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'


def signed(value: float) -> str:
    """One decimal with a sign that reads well: +3.0, −1.5, 0.0."""
    text = f"{value:+.1f}".replace("-", "−")
    return "0.0" if text in ("+0.0", "−0.0") else text

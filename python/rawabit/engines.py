"""Names from other taggers: their output as a table for ``rw.analyze(texts, entities=table)``.

Whatever finds the names, the rest goes on from there: mentions, relations, pairs. Nothing here imports another library; each
function reads what the library's own call returns.

>>> import rawabit as rw
>>> from rawabit import engines
>>> texts = ["زار زغبور القاهرة."]
>>> found = [[{"entity_group": "PER", "score": 0.9, "word": "زغبور", "start": 4, "end": 9}]]  # pipeline(texts)
>>> rw.analyze(texts, entities=engines.from_transformers(found)).entities["text"][0]
'زغبور'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from rawabit._native import RawabitError, Table

if TYPE_CHECKING:
    Labels = Mapping[str, str | None]

__all__ = ["from_spacy", "from_stanza", "from_tags", "from_transformers"]


class _Name(NamedTuple):
    """A name in one text: code points, the tagger's own label, what it stands for, 0–1."""

    start: int
    end: int
    label: str
    entity: str | None = None
    score: float | None = None


def from_spacy(docs: Any, *, labels: Labels | None = None, index: Iterable[Any] | None = None) -> Table:
    """Names from spaCy documents: ``from_spacy(nlp.pipe(texts))``.

    Parameters
    ----------
    docs : spacy.tokens.Doc or iterable of them
        One for each text, in their order. ``doc.ents`` are taken; a span's ``kb_id_`` becomes its ``entity``.
    labels : mapping of str to str or None, optional
        What other labels mean here, and which to leave out (``None``); looked up before the built-in ones, which know
        OntoNotes, CoNLL, ANERcorp and Wojood.
    index : iterable, optional
        What the ``doc`` column holds: the index of a pandas Series that is analysed with it. Default: row numbers.

    Returns
    -------
    Table
        Columns doc, start, end, label, entity, score.

    Raises
    ------
    RawabitError
        For a label that nothing is known about; the message names it.
    """
    docs = [docs] if hasattr(docs, "ents") else docs
    names = ((_Name(s.start_char, s.end_char, s.label_, s.kb_id_ or None) for s in doc.ents) for doc in docs)
    return _table(names, labels, index)


def from_stanza(docs: Any, *, labels: Labels | None = None, index: Iterable[Any] | None = None) -> Table:
    """Names from Stanza documents: ``from_stanza([nlp(text) for text in texts])``.

    Parameters
    ----------
    docs : stanza.Document or iterable of them
        One for each text, in their order; ``doc.ents`` are taken.
    labels, index
        As for :func:`from_spacy`.
    """
    docs = [docs] if hasattr(docs, "ents") else docs
    names = ((_Name(s.start_char, s.end_char, s.type) for s in doc.ents) for doc in docs)
    return _table(names, labels, index)


def from_transformers(
    outputs: Any, *, labels: Labels | None = None, index: Iterable[Any] | None = None
) -> Table:
    """Names from a token-classification pipeline of transformers: ``from_transformers(pipeline(texts))``.

    Parameters
    ----------
    outputs : list of dict, or list of lists of dict
        What the pipeline returns for one text, or for a list of texts. Whole names (``aggregation_strategy="simple"``)
        or single tokens with B- and I- tags, which are joined. The dicts need ``start`` and ``end``: a fast tokenizer.
    labels, index
        As for :func:`from_spacy`.

    Raises
    ------
    RawabitError
        If there are no offsets, or for a label that nothing is known about.
    """
    outputs = list(outputs)
    single = bool(outputs) and isinstance(outputs[0], Mapping)
    return _table(map(_joined, [outputs] if single else outputs), labels, index)


def from_tags(
    texts: Iterable[str],
    tokens: Iterable[Sequence[str]],
    tags: Iterable[Sequence[str]],
    *,
    labels: Labels | None = None,
    index: Iterable[Any] | None = None,
) -> Table:
    """Names from words and their IOB tags, as CAMeL Tools and most research code give them.

    With CAMeL Tools: ``tokens = [simple_word_tokenize(text) for text in texts]``, then
    ``from_tags(texts, tokens, NERecognizer.pretrained().predict(tokens))``.

    Parameters
    ----------
    texts
        The texts as they are analysed.
    tokens
        The words of each text, in the order in which they stand in it.
    tags
        A tag for each word: ``O``, ``B-LABEL``, ``I-LABEL``; a bare ``LABEL`` counts as ``I-LABEL``.
    labels, index
        As for :func:`from_spacy`.

    Raises
    ------
    RawabitError
        If a word does not stand in its text, or there are not as many tags as words.
    """

    def read() -> Iterator[Iterable[_Name]]:
        for row, (text, words, marks) in enumerate(zip(texts, tokens, tags, strict=True)):
            if len(words) != len(marks):
                raise RawabitError(f"text {row}: {len(words)} words, but {len(marks)} tags")
            spans = _places(row, text, words)
            found = (
                {"entity": mark, "start": start, "end": end}
                for mark, (start, end) in zip(marks, spans, strict=True)
            )
            yield _joined(found)

    return _table(read(), labels, index)


def _places(row: int, text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the words stand in the text."""
    at = 0
    for word in words:
        start = text.find(word, at)
        if start < 0:
            raise RawabitError(f"text {row}: the word {word!r} does not stand in it behind character {at}")
        at = start + len(word)
        yield start, at


def _joined(tokens: Iterable[Mapping[str, Any]]) -> Iterator[_Name]:
    """Whole names from the dicts of one text."""
    open_name: _Name | None = None
    for token in tokens:
        if token.get("start") is None or token.get("end") is None:
            raise RawabitError("no start and end in the pipeline's output: use a fast tokenizer")
        tag = str(token.get("entity_group") or token["entity"])
        position, _, rest = tag.rpartition("-")
        # «B-PER», and what some models write: «PER-B».
        label, mark = (position, rest) if rest in ("B", "I") else (rest, position)
        start, end = int(token["start"]), int(token["end"])
        score = None if token.get("score") is None else float(token["score"])
        goes_on = open_name is not None and open_name.label == label and mark != "B"
        if open_name is not None and goes_on and "entity_group" not in token:
            # A name is as sure as its least sure part.
            least = min((s for s in (open_name.score, score) if s is not None), default=None)
            open_name = open_name._replace(end=end, score=least)
            continue
        if open_name is not None:
            yield open_name
        open_name = None if label == "O" else _Name(start, end, label, None, score)
    if open_name is not None:
        yield open_name


@cache
def _known() -> dict[str, str | None]:
    text = files("rawabit").joinpath("formats", "labels.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {theirs: ours or None for theirs, ours in lines[1:]}


def _table(texts: Iterable[Iterable[_Name]], labels: Labels | None, index: Iterable[Any] | None) -> Table:
    meaning = {**_known(), **(labels or {})}
    columns: dict[str, list[Any]] = {name: [] for name in ("doc", "start", "end", "label", "entity", "score")}
    numbered = enumerate(texts) if index is None else zip(index, texts, strict=True)
    for doc, names in numbered:
        for name in names:
            if name.label not in meaning:
                raise RawabitError(
                    f"text {doc}: the label {name.label!r} is unknown; say what it means: labels={{{name.label!r}: 'ORG'}}"
                )
            label = meaning[name.label]
            if label is None or name.start >= name.end:
                continue
            values = (doc, name.start, name.end, label, name.entity, name.score)
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
    return Table(columns)

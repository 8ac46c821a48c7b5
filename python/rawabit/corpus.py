"""A corpus of texts and all that is found in it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal

from rawabit import _native, frames

if TYPE_CHECKING:
    from rawabit import Lexicon, Tagger
    from rawabit.analysis import Analysis

Date = datetime.date | str | None


def analyze(
    x: Any,
    *,
    date: Date | Iterable[Date] = None,
    names: Iterable[str | None] | None = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    entities: Any = None,
    progress: bool | Callable[[int, int], object] | None = None,
    errors: Literal["strict", "replace"] = "strict",
    threads: int | None = None,
) -> Analysis:
    """Read texts: who is in them, and who stands how to whom.

    Parameters
    ----------
    x : str or column of str
        A list or another iterable, a pandas or polars Series, a pyarrow array or anything that speaks Arrow.
    date : datetime.date, str or column of them, optional
        The articles' dates: «أمس» and «الخميس» are resolved against them.
    names : column of str, optional
        What to call the articles: file names, headlines, ids. They appear in ``documents`` and in the report.
    lexicon : Lexicon, optional
        Your own entities, aliases, triggers and families, merged over the built-in ones.
    model : Tagger, optional
        Your own model of names.
    entities : table, optional
        Names that another tagger has found, with columns doc (as in the result), start, end, label and, if you have
        them, entity, kind, code and score. They take the place of the names that would be found here; dates and numbers
        are found as ever.
    progress : bool or callable, optional
        ``True`` shows a bar; a callable is called with (texts done, texts in all).
    errors : {"strict", "replace"}
        What is done about lone surrogates: an error that names the row, or U+FFFD in their place.
    threads : int, optional
        Default: ``RAWABIT_THREADS``, else the CPUs that this process may use. The result does not depend on it.

    Returns
    -------
    Analysis
        Its tables' ``doc`` holds the row number, or the label of a pandas Series' index.

    Examples
    --------
    >>> import rawabit as rw
    >>> analysis = rw.analyze(["اتهمت السعودية إيران بدعم الحوثيين."])
    >>> "ACCUSE" in analysis.relations["family"]
    True
    """
    from rawabit.analysis import Analysis

    labels = frames.labels(x)
    if entities is not None and labels is not None:
        entities = _numbered(entities, labels)
    texts, tables = _native.analyze_tables(
        x,
        date=date,
        names=names,
        lexicon=lexicon,
        model=model,
        entities=entities,
        progress=progress,
        errors=errors,
        threads=threads,
    )
    if labels is not None:
        tables = {name: table._relabel(labels) for name, table in tables.items()}
    given = None if entities is None else _native.Table(entities)
    return Analysis(texts, tables, lexicon=lexicon, model=model, given=given)


def _numbered(entities: Any, labels: list[Any]) -> _native.Table:
    """A table of entities with row numbers in the place of index labels."""
    table = _native.Table(entities)
    rows = {label: row for row, label in enumerate(labels)}
    columns = table.to_dict()
    try:
        columns["doc"] = [rows[doc] for doc in columns["doc"]]
    except KeyError as missing:
        raise _native.RawabitError(f"entities: no text has the label {missing}") from None
    return _native.Table(columns)

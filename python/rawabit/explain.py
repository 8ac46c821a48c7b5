"""Why a relation mention is there: its sentence with every part highlighted, and the steps to its score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rawabit import _native
from rawabit.highlight import Span, arabic, escape, highlight
from rawabit.report import cues, signed, style

if TYPE_CHECKING:
    from rawabit import Lexicon, Tagger

#: Role of a span, and what it is called.
_ROLES = (("source", "source"), ("trigger", "t"), ("target", "target"))

#: How many reasons are shown; all stand in :attr:`Explanation.reasons`.
_SHOWN = 8


class Explanation:
    """What :func:`explain` returns: HTML in a notebook, text when printed.

    Attributes
    ----------
    relation : dict
        The row that is explained.
    steps : list of (str, str)
        What was found and what it did, in the order in which it counts.
    reasons : list of (str, float, float)
        If the text was given: what the model of relations looked at, its value, and what it added to the log-odds that the
        record is right, the weightiest first.
    """

    def __init__(
        self, relation: Mapping[str, Any], reasons: list[tuple[str, float, float]] | None = None
    ) -> None:
        # A pandas row has NaN where a table has None.
        self.relation: dict[str, Any] = {
            name: None if value != value else value for name, value in dict(relation).items()
        }
        self.reasons = reasons or []
        self.steps = _steps(self.relation)
        self.steps.extend(
            (f"{share:+.2f}", f"{name} ({value:.4g})") for name, value, share in self.reasons[:_SHOWN]
        )

    def __str__(self) -> str:
        width = max(len(name) for name, _ in self.steps)
        lines = [self.relation["evidence"].strip()]
        lines.extend(f"{name:<{width}}  {value}" for name, value in self.steps)
        return "\n".join(lines)

    def __repr__(self) -> str:
        row = self.relation
        return f"<Explanation {row['family']} {row['source_entity']} -> {row['target_entity']}>"

    def _repr_html_(self) -> str:
        row = self.relation
        text = highlight(row["evidence"], _spans(row))
        cells = "".join(
            f"<tr><th>{escape(name)}</th><td>{arabic(value)}</td></tr>" for name, value in self.steps
        )
        return (
            f'<div class="rawabit"><style>{style()}</style><ul class="legend"><li><span class="source">source</span></li>'
            '<li><span class="t">trigger</span></li><li><span class="target">target</span></li>'
            '<li><span class="cue">cue</span></li></ul>'
            f'<div class="text" lang="ar">{text}</div><table class="steps">{cells}</table></div>'
        )


def explain(
    relation: Mapping[str, Any],
    text: str | None = None,
    *,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    entities: Any = None,
) -> Explanation:
    """Show what a relation mention rests on.

    Parameters
    ----------
    relation
        One row of a relations table: ``table[i]``, or ``frame.iloc[i]`` of a pandas frame.
    text : str, optional
        The text that the row comes from. With it the weights are shown too: what the model of relations looked at, and what
        each of it added. :meth:`Analysis.explain` knows the text by itself.
    lexicon, model, entities
        What the row was made with, if anything: as for :func:`analyze`; ``entities`` those of this text, with doc 0.

    Returns
    -------
    Explanation
        The sentence with source, trigger, target and cues highlighted; the rule; how intensity, factuality weight and
        confidence make the score; and, with the text, the weights.

    Raises
    ------
    TypeError
        If it is not a row of a relations table.
    RawabitError
        If the text, read again, does not give this relation.

    Examples
    --------
    >>> import rawabit as rw
    >>> text = "اتهمت السعودية إيران بدعم الحوثيين."
    >>> relation = rw.relations(text)[0]
    >>> len(rw.explain(relation, text).reasons) > 3
    True
    """
    missing = [
        name for name in ("family", "evidence", "evidence_start", "trigger_start") if name not in relation
    ]
    if missing:
        raise TypeError(f"explain: expected one row of a relations table; it has no column {missing[0]!r}")
    if text is None:
        return Explanation(relation)
    asked = tuple(relation[name] for name in ("trigger_start", "source_start", "target_start", "family"))
    found = _native.reasons(text, lexicon=lexicon, model=model, entities=entities, errors="replace")
    for *place, reasons in found:
        if tuple(place) == asked:
            return Explanation(relation, reasons)
    raise _native.RawabitError(
        f"explain: the text, read again, does not give {relation['family']} at {relation['trigger_start']};"
        " was it read with another lexicon, model or entities?"
    )


def _spans(row: Mapping[str, Any]) -> list[Span]:
    offset = row["evidence_start"]
    spans = [
        Span(row[f"{role}_start"] - offset, row[f"{role}_end"] - offset, classes, role)
        for role, classes in _ROLES
        if row.get(f"{role}_start") is not None
    ]
    spans.extend(Span(start - offset, end - offset, "cue", "cue") for start, end in cues(row))
    return spans


def _steps(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    arrow = "↔" if row["symmetric"] else "→"
    offset = row["evidence_start"]
    words = [row["evidence"][start - offset : end - offset] for start, end in cues(row)]
    steps = [
        ("family", f"{row['family']} (intensity {signed(row['intensity'])})"),
        ("claim", f"{row['source_entity']} {arrow} {row['target_entity']}"),
        ("trigger", row["trigger"]),
        ("rule", row["rule"]),
        ("factuality", row["factuality"]),
        ("negated", "yes" if row["negated"] else "no"),
        ("cues", "، ".join(words) if words else "none"),
        ("attribution", row.get("attribution") or "none: the text itself"),
        ("confidence", f"{row['confidence']:.2f}"),
        ("score", _arithmetic(row)),
    ]
    return [(name, str(value)) for name, value in steps]


def _arithmetic(row: Mapping[str, Any]) -> str:
    if row["negated"]:
        return "0.0: the text says that it does not hold"
    full = row["intensity"] * row["confidence"]
    if not full:
        return "0.0: this family says nothing on cooperation or conflict"
    weight = row["score"] / full
    return f"{signed(row['intensity'])} × {weight:.2f} ({row['factuality']}) × {row['confidence']:.2f} = {row['score']:+.2f}"

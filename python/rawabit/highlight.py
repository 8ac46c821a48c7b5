"""Arabic text as HTML with spans highlighted.

Spans may overlap and nest in any way: the text is cut at every span border, and each piece carries the classes of all spans that
cover it. Letters go on joining across the pieces because nothing is put between them and no style adds width.
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Code points ``start:end`` of a text, the CSS classes of the piece, and what a pointer resting on it reads."""

    start: int
    end: int
    classes: str
    title: str = ""
    #: A small number set after the span, that a list below the text refers to.
    number: int | None = None


class Html(str):
    """HTML that Jupyter renders; still a ``str``, to be written to a file."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def escape(text: object) -> str:
    """The text with everything escaped that HTML would read as markup."""
    return html.escape("" if text is None else str(text), quote=True)


def highlight(text: str, spans: Iterable[Span], start: int = 0, end: int | None = None) -> str:
    """The piece ``start:end`` of ``text`` as HTML, with those of the spans that touch it.

    Parameters
    ----------
    text
        The original text.
    spans
        In code points of ``text``.
    """
    end = len(text) if end is None else min(end, len(text))
    inside = [s for s in spans if s.start < end and s.end > start and s.start < s.end]
    borders = {start, end}
    for span in inside:
        borders.update((max(span.start, start), min(span.end, end)))
    cuts = sorted(borders)
    # Every piece looks at the spans that are open there; opened and closed in the order of the text.
    opening = sorted(inside, key=lambda s: s.start)
    following, open_spans, pieces = 0, [], []
    for left, right in itertools.pairwise(cuts):
        while following < len(opening) and opening[following].start <= left:
            open_spans.append(opening[following])
            following += 1
        open_spans = [s for s in open_spans if s.end > left]
        pieces.append(_piece(text[left:right], open_spans))
        numbers = [str(s.number) for s in open_spans if s.number is not None and min(s.end, end) == right]
        if numbers:
            pieces.append(f"<sup>{','.join(numbers)}</sup>")
    return "".join(pieces)


def _piece(text: str, spans: list[Span]) -> str:
    if not spans:
        return escape(text)
    classes = " ".join(dict.fromkeys(" ".join(s.classes for s in spans).split()))
    titles = " · ".join(dict.fromkeys(s.title for s in spans if s.title))
    title = f' title="{escape(titles)}"' if titles else ""
    return f'<span class="{escape(classes)}"{title}>{escape(text)}</span>'


def arabic(text: object) -> str:
    """A name or phrase that keeps its own direction inside English prose."""
    # Words of another script look best in the font of the prose.
    language = ' lang="ar"' if any("\u0600" <= letter <= "\u08ff" for letter in str(text)) else ""
    return f"<bdi{language}>{escape(text)}</bdi>"

"""Relations as event data that other programs read: POLECAT, GDELT 2.0, PLOVER.

Event data hold what is said to have happened. So by default only relations that the text asserts as certain and does not negate are
exported, and only those of families that have a code there. Symmetric relations are exported once, in the order of the record. The
columns stand in ``formats/*.tsv``; what a text does not give (coordinates, tone, sectors) is left null, never guessed.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]

#: CAMEO roots by quad class: the codebook of GDELT 2.0.
_QUAD_OF_ROOT = {1: range(1, 6), 2: range(6, 9), 3: range(9, 14), 4: range(14, 21)}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: GDELT's MentionType of a document that is cited and not linked.
_CITATION_ONLY = 2


@cache
def _format(name: str) -> list[list[str]]:
    """The lines of a data file, without comments and head."""
    text = files("rawabit").joinpath("formats", f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return lines[1:]


def events(
    relations: Iterable[Record],
    *,
    documents: Iterable[Record] = (),
    entities: Iterable[Record] = (),
    factuality: Sequence[str] = ("certain",),
    confidence: float = 0.0,
    code: str = "plover",
) -> Iterator[dict[str, Any]]:
    """The relations that are events, with everything that the formats ask for.

    Parameters
    ----------
    relations
        Rows of a relations table.
    documents, entities
        Rows of the other tables of the analysis: they give an event its date of publication and its actors' countries.
    factuality
        Which relations to take, by how sure the text is.
    confidence
        The lowest confidence to take.
    code
        The column without which a relation is no event of the format: ``plover`` or ``cameo``.
    """
    from rawabit import __version__

    about = {row["doc"]: row for row in documents}
    story, countries, codes = _names(entities)
    quads = {event: (int(number), name) for event, number, name in _format("quads")}
    for row in relations:
        if (
            row["negated"]
            or row["factuality"] not in factuality
            or row["confidence"] < confidence
            or not row[code]
        ):
            continue
        document = about.get(row["doc"], {})
        published = document.get("date")
        named = document.get("name")
        quad, quad_name = quads.get(row["plover"], (None, None))
        yield {
            **row,
            "id": _identifier(row),
            "date": _day(row.get("date")) or _day(published),
            "published": published,
            "document": str(row["doc"] if named is None else named),
            "document_length": document.get("length"),
            "quad": quad,
            "quad_name": quad_name,
            "source_code": codes.get(row["source_entity"]),
            "target_code": codes.get(row["target_entity"]),
            "source_country": countries.get(row["source_entity"]),
            "target_country": countries.get(row["target_entity"]),
            "people": "; ".join(story[row["doc"], "PER"]) or None,
            "organizations": "; ".join(story[row["doc"], "ORG"]) or None,
            "locations": "; ".join(story[row["doc"], "LOC"]) or None,
            "language": "Arabic",
            "version": f"rawabit {__version__}",
        }


def _names(
    entities: Iterable[Record],
) -> tuple[dict[tuple[Any, str], dict[str, None]], dict[str, str], dict[str, str]]:
    """Names by document and label, countries by name, codes by name."""
    story: dict[tuple[Any, str], dict[str, None]] = defaultdict(dict)
    countries: dict[str, str] = {}
    codes: dict[str, str] = {}
    for row in entities:
        story[row["doc"], row["label"]][row["entity"]] = None
        if row.get("code"):
            codes[row["entity"]] = row["code"]
            if row.get("kind") == "country":
                countries[row["entity"]] = row["code"]
    return story, countries, codes


def _identifier(row: Record) -> str:
    """The same for the same mention in every run."""
    mention = (row["doc"], row["family"], row["trigger_start"], row["source_start"], row["target_start"])
    return "RWB-" + hashlib.sha256(repr(mention).encode()).hexdigest()[:12]


def _day(date: Any) -> str | None:
    """The day of an ISO 8601 date, if it is known to the day."""
    found = _DAY.match(str(date)) if date is not None else None
    return found.group() if found else None


def _rows(name: str, records: Iterable[Record]) -> dict[str, list[Any]]:
    columns = _format(name)
    found = list(records)
    return {column: [row.get(field) if field else None for row in found] for column, field in columns}


def polecat(relations: Iterable[Record], **options: Any) -> dict[str, list[Any]]:
    """Events as columns of the POLECAT data: one row for each mention. Options as for :func:`events`."""
    return _rows("polecat", events(relations, **options))


def gdelt(relations: Iterable[Record], **options: Any) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Events and mentions as columns of the two GDELT 2.0 tables.

    An event is a day, two actors and a CAMEO code; its mentions may stand in many documents. Options as for :func:`events`.
    """
    mentions: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for event in events(relations, code="cameo", **options):
        # Without a day nothing tells whether two documents mean one event.
        day = event["date"] or ("document", event["doc"])
        mentions[day, event["source_entity"], event["target_entity"], event["cameo"]].append(event)
    numbered = list(enumerate(mentions.values(), 1))
    event_rows = [_gdelt_event(number, found) for number, found in numbered]
    mention_rows = [_gdelt_mention(number, row) for number, found in numbered for row in found]
    return _rows("gdelt_events", event_rows), _rows("gdelt_mentions", mention_rows)


def _gdelt_event(number: int, mentions: Sequence[Record]) -> dict[str, Any]:
    first = mentions[0]
    root = int(first["cameo"][:2])
    place = next((row["place"] for row in mentions if row.get("place")), None)
    return {
        **first,
        **_date_fields(first["date"]),
        "number": number,
        "cameo_base": first["cameo"][:3],
        "cameo_root": first["cameo"][:2],
        "quad_class": next(quad for quad, roots in _QUAD_OF_ROOT.items() if root in roots),
        "n_mentions": len(mentions),
        "n_documents": len({row["doc"] for row in mentions}),
        "place": place,
        "timestamp": _timestamp(first["published"]),
    }


def _gdelt_mention(number: int, row: Record) -> dict[str, Any]:
    return {
        **row,
        "number": number,
        "timestamp": _timestamp(row["published"]),
        "mention_type": _CITATION_ONLY,
        "sentence_number": row["sentence"] + 1,
        "raw": 1,
        "percent": round(100 * row["confidence"]),
    }


def _timestamp(published: Any) -> int | None:
    day = _day(published)
    return int(day.replace("-", "") + "000000") if day else None


def _date_fields(date: str | None) -> dict[str, Any]:
    if date is None:
        return {}
    day = datetime.date.fromisoformat(date)
    return {
        "yyyymmdd": int(day.strftime("%Y%m%d")),
        "yyyymm": int(day.strftime("%Y%m")),
        "yyyy": day.year,
        # As the codebook has it: all months have 30 days.
        "fraction": round(day.year + (day.month * 30 + day.day) / 365, 4),
    }


def plover_jsonl(relations: Iterable[Record], path: str | Path | None = None, **options: Any) -> str | None:
    """Events as JSON Lines with the field names of the PLOVER manual.

    Returns the lines, or writes them to ``path``. Beside the manual's fields every record has ``factuality``, ``confidence`` and
    ``attribution``. Options as for :func:`events`.
    """
    lines = "".join(
        json.dumps(_plover(event), ensure_ascii=False) + "\n" for event in events(relations, **options)
    )
    if path is None:
        return lines
    Path(path).write_text(lines, encoding="utf-8")
    return None


def _plover(event: Record) -> dict[str, Any]:
    record = {
        "id": event["id"],
        "has_event": True,
        "date": event["date"],
        "actor": [_plover_actor(event, "source")],
        "recipient": [_plover_actor(event, "target")],
        "event": [event["plover"]],
        "event_text": [event["trigger"]],
        "event_loc": event.get("place"),
        "quad_code": event["quad"],
        "event_scale": event["goldstein"],
        "text": event["evidence"],
        "text_info": {
            "sequence": event["sentence"],
            "start": event["evidence_start"],
            "end": event["evidence_end"],
        },
        "cite_info": {"citation": event["document"], "language": "ar"},
        "coder": event["version"],
        "factuality": event["factuality"],
        "confidence": round(event["confidence"], 4),
        "attribution": event.get("attribution"),
    }
    return {name: value for name, value in record.items() if value is not None}


def _plover_actor(event: Record, role: str) -> dict[str, Any]:
    actor = {
        "code": event[f"{role}_country"],
        "entity_text": event[role],
        "identifier_text": event[f"{role}_entity"],
    }
    return {name: value for name, value in actor.items() if value is not None}

"""Records of a small corpus made by hand: what the report, the exports and the network are tested with, whatever the extraction
finds."""

from __future__ import annotations

from typing import Any

TEXTS = {
    0: "قال مسؤولون إن داعش والقاعدة يتعاونان في اليمن. ويرى خبراء أن اندماج داعش والقاعدة مستحيل.",
    1: "بايعت بوكو حرام داعش في 2015. وشن داعش هجوما على القاعدة <script>alert(1)</script> & في سوريا.",
    2: "",
}
DATES = {0: "2020-02-25", 1: "2015-03-07", 2: None}
NAMES = {"داعش": "تنظيم الدولة الإسلامية", "القاعدة": "تنظيم القاعدة", "بوكو حرام": "بوكو حرام"}

#: family: symmetric, intensity, PLOVER, CAMEO, Goldstein value.
FAMILIES: dict[str, tuple[bool, float, str | None, str | None, float | None]] = {
    "COOPERATE": (True, 6.0, "COOPERATE", "060", 6.0),
    "MERGE": (True, 8.0, "COOPERATE", "060", 6.0),
    "PLEDGE": (False, 7.0, "SUPPORT", "050", 3.5),
    "ATTACK": (False, -9.0, "ASSAULT", "190", -10.0),
}


def sentences(doc: int) -> list[dict[str, Any]]:
    text, rows, start = TEXTS[doc], [], 0
    for part in text.split(". ") if text else []:
        end = min(start + len(part) + 2, len(text))
        rows.append({"doc": doc, "sentence": len(rows), "start": start, "end": end, "text": text[start:end]})
        start = end
    return rows


def span(text: str, words: str, after: int = 0) -> tuple[int, int]:
    start = text.index(words, after)
    return start, start + len(words)


def entity(doc: int, words: str, label: str, name: str, after: int = 0, **more: Any) -> dict[str, Any]:
    start, end = span(TEXTS[doc], words, after)
    sentence = next(s["sentence"] for s in sentences(doc) if s["start"] <= start < s["end"])
    row = {
        "doc": doc,
        "sentence": sentence,
        "start": start,
        "end": end,
        "text": words,
        "label": label,
        "entity": name,
    }
    return {**row, "norm": words, "kind": None, "code": None, "value": None, "score": 0.9, **more}


def relation(
    doc: int, number: int, family: str, trigger: str, source: str, target: str, **status: Any
) -> dict[str, Any]:
    text = TEXTS[doc]
    sentence = sentences(doc)[number]
    symmetric, intensity, plover, cameo, goldstein = FAMILIES[family]
    row: dict[str, Any] = {"doc": doc, "sentence": number, "family": family, "trigger": trigger}
    row["trigger_start"], row["trigger_end"] = span(text, trigger, sentence["start"])
    for role, words in (("source", source), ("target", target)):
        start, end = span(text, words, sentence["start"])
        row |= {role: words, f"{role}_start": start, f"{role}_end": end, f"{role}_entity": NAMES[words]}
        row[f"{role}_label"] = "ORG"
    row |= {
        "symmetric": symmetric,
        "factuality": "certain",
        "negated": False,
        "attribution": None,
        "place": None,
        "date": None,
    }
    row |= {
        "intensity": intensity,
        "confidence": 0.8,
        "plover": plover,
        "cameo": cameo,
        "goldstein": goldstein,
    }
    row |= {
        "rule": "by hand",
        "evidence": sentence["text"],
        "evidence_start": sentence["start"],
        "evidence_end": sentence["end"],
    }
    row |= status
    row["score"] = 0.0 if row["negated"] else intensity * row["confidence"]
    return row


DOCUMENTS = [
    {
        "doc": doc,
        "name": None if doc == 2 else f"article-{doc}.txt",
        "date": DATES[doc],
        "length": len(TEXTS[doc]),
    }
    for doc in TEXTS
]
SENTENCES = [row for doc in TEXTS for row in sentences(doc)]
ENTITIES = [
    entity(0, "داعش", "ORG", NAMES["داعش"]),
    entity(0, "القاعدة", "ORG", NAMES["القاعدة"]),
    entity(0, "اليمن", "LOC", "اليمن", kind="country", code="YE"),
    entity(0, "داعش", "ORG", NAMES["داعش"], after=50),
    entity(0, "القاعدة", "ORG", NAMES["القاعدة"], after=50),
    entity(1, "بوكو حرام", "ORG", "بوكو حرام"),
    entity(1, "داعش", "ORG", NAMES["داعش"]),
    entity(1, "2015", "DATE", "2015", value="2015"),
    entity(1, "سوريا", "LOC", "سوريا", kind="country", code="SY"),
]
RELATIONS = [
    relation(0, 0, "COOPERATE", "يتعاونان", "داعش", "القاعدة", attribution="مسؤولون", place="اليمن"),
    relation(
        0, 1, "MERGE", "اندماج", "داعش", "القاعدة", negated=True, factuality="possible", attribution="خبراء"
    ),
    relation(1, 0, "PLEDGE", "بايعت", "بوكو حرام", "داعش", date="2015"),
    relation(1, 1, "ATTACK", "هجوما", "داعش", "القاعدة"),
]
_denial = RELATIONS[1]
_cue = span(TEXTS[0], "مستحيل")
_denial["cues"] = f"{_cue[0]}-{_cue[1]}"


def pair(source: str, target: str, cooperation: float, conflict: float, **more: Any) -> dict[str, Any]:
    score = (cooperation - conflict) / 2
    row = {
        "source": source,
        "target": target,
        "n_mentions": 3,
        "n_docs": 2,
        "n_certain": 2,
        "n_hedged": 0,
        "n_negated": 1,
    }
    row |= {
        "cooperation": cooperation,
        "conflict": conflict,
        "score": score,
        "low": score - 4,
        "high": score + 4,
    }
    return row | {
        "npmi": 0.5,
        "g2": 1.0,
        "families": "COOPERATE,ATTACK",
        "first": None,
        "last": "2015",
        **more,
    }


PAIRS = [
    pair("تنظيم الدولة الإسلامية", "تنظيم القاعدة", 4.8, 7.2),
    pair("بوكو حرام", "تنظيم الدولة الإسلامية", 5.6, 0.0, n_negated=0, families="PLEDGE"),
]

"""Writes docs/normalization.md from the data that the normalizer reads: `python tools/normalization_docs.py`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src/normalize/data"
HEAD = """# Normalization: every switch and profile

Written by `tools/normalization_docs.py` from `src/normalize/data/`; a test checks that it is current.

`rw.normalize(x, profile, **switches)`: a switch takes one of the values below, `"keep"` or `False` (off) or `True` (its
first value). Switches apply to a code point in this order. «goes» means that nothing is left of it; «in context» that
it depends on what stands around it. `rw.Normalizer(profile, **switches).code_points()` gives the exact map of any
combination. A value «with X» also does all that X does.

"""


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text().splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def becomes(target: str) -> str:
    if target == "-":
        return "goes"
    if target == "*":
        return "in context"
    if target.endswith("+"):
        return f"U+{target[:-1]} on"
    if target.startswith("«"):
        return target
    return " ".join(f"U+{code}" for code in target.split())


def switches() -> str:
    out, before = [], None
    for switch, value, source, target, note in rows("switches.tsv"):
        if switch != before:
            out.append(f"\n### `{switch}`\n\n| value | code points | become | |\n|---|---|---|---|")
            before = switch
        if source.startswith("="):
            out.append(f"| `{value}` | with `{source[1:]}` | | |")
            continue
        codes = "" if source == "*" else " ".join(f"U+{part.replace('-', '–U+')}" for part in source.split())
        out.append(f"| `{value}` | {codes} | {becomes(target)} | {note} |")
    return "\n".join(out)


def profiles() -> str:
    table: dict[str, list[str]] = {}
    for profile, switch, value in rows("profiles.tsv"):
        table.setdefault(profile, []).extend([f"{switch}={value}"] if switch else [])
    lines = [
        f"| `{name}` | {', '.join(values) or 'nothing: a base for switches'} |"
        for name, values in table.items()
    ]
    return "\n".join(["| profile | switches |", "|---|---|", *lines])


def document() -> str:
    words = ", ".join(word for word, *_ in rows("elongation.tsv"))
    exceptions = f"### Words that keep their letters under `elongation`\n\n«…» stands for any ending; what ends with «+» may stand before any of the words.\n\n{words}"
    return f"{HEAD}## Profiles\n\n{profiles()}\n\n## Switches\n{switches()}\n\n{exceptions}\n"


if __name__ == "__main__":
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs/normalization.md").write_text(document())

"""Normalization against its peers, side by side in one process: `make bench`.

Three texts: news (ANT articles with their words shuffled, so that nothing is memorised), the same fully vocalized (a
mark behind every letter), and short lines. Every figure is the best of several runs on one thread; memcpy is the
floor. Peers that are not installed are left out:

    python -m venv peers && peers/bin/pip install araclean tokenizers pyarabic pandas polars pyarrow
    peers/bin/pip install --no-deps camel-tools mahad
    peers/bin/pip install emoji six regex tqdm "hijri-converter<3" rawabit
"""

import argparse
import functools
import importlib
import json
import lzma
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import rawabit as rw

MARKS = "ًٌٍَُِّْٰـ"
FOLD = {**dict.fromkeys(map(ord, MARKS)), **{ord(a): "ا" for a in "أإآٱ"}, ord("ى"): "ي", ord("ة"): "ه"}
FOLD |= {0x660 + i: str(i) for i in range(10)}
PROFILES = [
    "light",
    "display",
    "model",
    "camel",
    "lucene",
    "araclean-light",
    "araclean-search",
    "pyarabic",
    "maha",
]
PAIRS = [(chr(a), b or "") for a, b in FOLD.items()]


def texts(path: Path, size: int) -> dict[str, list[str]]:
    """The three texts, of about `size` bytes each."""
    rng, news, total = random.Random(7), [], 0
    with lzma.open(path, "rt") as lines:
        for line in lines:
            words = json.loads(line)["text"].split(" ")
            rng.shuffle(words)
            news.append(" ".join(words))
            total += len(news[-1].encode())
            if total > size:
                break
    letters = re.compile("[\u0621-\u063a\u0641-\u064a]")
    harakat = "\u064e\u064f\u0650\u0652\u064b\u064d"
    vocalized = [
        letters.sub(lambda m: m.group() + rng.choice(harakat), text) for text in news[: len(news) // 2]
    ]
    words = " ".join(news).split()
    lines = [" ".join(words[i : i + 4]) for i in range(0, len(words), 4)]
    return {"news": news, "vocalized": vocalized, "short lines": lines}


def best(call, budget: float = 0.6, clock=time.perf_counter) -> float:
    """Seconds of the fastest of the runs that fit into `budget` seconds, three at least. Time passed: the kernel books
    the processor time of worker threads late, so that the fastest of many short runs may show almost none."""
    call()
    times, end = [], time.perf_counter() + budget
    while len(times) < 3 or (time.perf_counter() < end and len(times) < 200):
        start = clock()
        call()
        times.append(clock() - start)
    return min(times)


def beside(calls: dict[str, Callable[[], object]], rounds: int = 6) -> dict[str, float]:
    """Seconds of the fastest run of each call, taken in turn, so that a busy moment of the machine meets all alike."""
    fastest = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            fastest[name] = min(fastest[name], best(call, 0.3))
    return fastest


def replace_chain(text: str) -> str:
    for old, new in PAIRS:
        text = text.replace(old, new)
    return text


@functools.cache
def optional(name: str):
    """The module, or None where it does not import; asked once, since a second try may give half a module."""
    if name.startswith("maha") and "regex" not in sys.modules and optional("regex"):
        # Maha names a module that regex no longer has: the class that it takes from there is the package's own.
        sys.modules.setdefault("regex.regex", sys.modules["regex"])
    try:
        return importlib.import_module(name)
    except ImportError as error:
        print(f"  {name}: {error}")
        return None


def list_peers(sample: list[str]):
    """Name and function from list to list of each peer; slow ones see fewer texts."""
    pattern = re.compile("[" + "".join(a for a, _ in PAIRS) + "]")
    table = dict(PAIRS)
    yield "str.replace chain", lambda x: [replace_chain(t) for t in x], 1
    yield "re.sub", lambda x: [pattern.sub(lambda m: table[m.group()], t) for t in x], 1
    yield "str.translate", lambda x: [t.translate(FOLD) for t in x], 1
    if optional("camel_tools") and optional("camel_tools.utils.dediac"):
        dediac, norm = (optional(f"camel_tools.utils.{m}") for m in ("dediac", "normalize"))
        steps = [norm.normalize_unicode, dediac.dediac_ar, norm.normalize_alef_ar]
        steps += [norm.normalize_alef_maksura_ar, norm.normalize_teh_marbuta_ar]

        def camel(x):
            for step in steps:
                x = [step(t) for t in x]
            return x

        yield "camel-tools utils", camel, 4
    if araclean := optional("araclean"):
        yield "araclean search", lambda x: [araclean.normalize(t, profile="search") for t in x], 40
    if pyarabic := optional("pyarabic.normalize"):
        yield "PyArabic normalize_searchtext", lambda x: [pyarabic.normalize_searchtext(t) for t in x], 4
    if maha := optional("maha.cleaners.functions"):
        harakat = dict(harakat=True, tatweel=True)
        yield "Maha", lambda x: [maha.normalize(maha.remove(t, **harakat), all=True) for t in x], 20
    if hf := optional("tokenizers.normalizers"):
        sequence = hf.Sequence([hf.Replace(old, new) for old, new in PAIRS])
        yield "tokenizers Sequence(Replace)", lambda x: [sequence.normalize_str(t) for t in x], 20


def column_peers(texts: list[str]):
    """Name and function on a column of each dataframe library."""
    if pd := optional("pandas"):
        series = pd.Series(texts)
        yield "pandas .str.translate", lambda: series.str.translate(FOLD)
    if pl := optional("polars"):
        column = pl.Series(texts).to_frame("t").lazy()
        old, new = [a for a, _ in PAIRS], [b for _, b in PAIRS]
        many = column.select(pl.col("t").str.replace_many(old, new))
        yield "polars replace_many", many.collect
        chain = pl.col("t")
        for a, b in PAIRS:
            chain = chain.str.replace_all(a, b, literal=True)
        chained = column.select(chain)
        yield "polars replace_all chain", chained.collect
    if pa := optional("pyarrow"):
        pc = importlib.import_module("pyarrow.compute")
        array = pa.array(texts)

        def arrow():
            out = array
            for a, b in PAIRS:
                out = pc.replace_substring(out, a, b)
            return out

        yield "pyarrow replace_substring chain", arrow


def line(name: str, rate: float, ours: float | None) -> None:
    ratio = f"{ours / rate:10.1f} ×" if ours else ""
    print(f"  {name:34}{rate:12,.1f} MB/s{ratio}", flush=True)


def compare(title: str, texts: list[str]) -> None:
    size = sum(len(t.encode()) for t in texts)
    print(f"\n{title}: {len(texts):,} texts, {size / 1e6:.1f} MB; the last column is ours over the other")

    def rate(call):
        return size / best(call) / 1e6

    pa = optional("pyarrow")
    ours_column = None
    if pa:
        array = pa.array(texts)
        floor = bytearray(array.buffers()[2])
        target = memoryview(bytearray(len(floor)))

        def copy():
            target[:] = floor

        calls = {
            "rawabit search, Arrow → Arrow": lambda: rw.normalize(array, threads=1),
            "memcpy, memory touched before": copy,
            "memcpy, into fresh memory": lambda: bytearray(floor),
        }
        rates = {name: size / seconds / 1e6 for name, seconds in beside(calls).items()}
        ours_column = next(iter(rates.values()))
        for name, found in rates.items():
            line(name, found, None if found == ours_column else ours_column)
        normalizer = rw.Normalizer("search")
        for kind, column in {"an Arrow column": array, "a list": texts}.items():
            pair = beside(
                {
                    "with": lambda column=column: normalizer.aligned(column),
                    "without": lambda column=column: normalizer(column, threads=1),
                },
                4,
            )
            print(
                f"  alignment of {kind}, in turn: {pair['with'] / pair['without']:.2f} × the time without it"
            )
        for profile in PROFILES:
            normalizer = rw.Normalizer(profile)
            line(
                f"rawabit {profile}, Arrow → Arrow",
                rate(lambda n=normalizer: n(array, threads=1)),
                ours_column,
            )
        for name, call in column_peers(texts):
            line(name, rate(call), ours_column)
    ours = rate(lambda: rw.normalize(texts))
    line("rawabit search, list → list", ours, None)
    for name, call, share in list_peers(texts):
        part = texts[:: share * 4] if share > 1 else texts
        part_size = sum(len(t.encode()) for t in part)
        line(name, part_size / best(lambda call=call, part=part: call(part)) / 1e6, ours)
    normalizer = rw.Normalizer("search")
    aligned = rate(lambda: [normalizer.aligned(t) for t in texts])
    line("rawabit aligned, text by text", aligned, None)
    line("rawabit without, text by text", rate(lambda: [normalizer(t) for t in texts]), aligned)
    column = rate(lambda: normalizer.aligned(texts))
    line("rawabit aligned, a list at once", column, None)
    line("rawabit without, list → list", ours, column)
    aligned = max(aligned, column)
    print("  peers beside the faster of the two:")
    if (hf := optional("tokenizers")) and hasattr(hf, "NormalizedString"):
        sequence = hf.normalizers.Sequence([hf.normalizers.Replace(old, new) for old, new in PAIRS])

        def hugging(x):
            for t in x:
                sequence.normalize(hf.NormalizedString(t))

        part = texts[::80]
        part_size = sum(len(t.encode()) for t in part)
        line("tokenizers aligned", part_size / best(lambda: hugging(part)) / 1e6, aligned)
    if araclean := optional("araclean"):
        pipeline = araclean.Pipeline.from_profile("search")
        part = sorted(texts, key=len)[: max(len(texts) // 200, 3)]
        part_size = sum(len(t.encode()) for t in part)
        call = lambda: [pipeline.apply_aligned(t) for t in part]  # noqa: E731
        line("araclean aligned (shortest texts)", part_size / best(call) / 1e6, aligned)


def large(texts: list[str], size: int) -> None:
    """A column that no cache holds, beside memcpy of it."""
    pa = optional("pyarrow")
    if not pa:
        return
    rng, words = random.Random(11), " ".join(texts).split()
    rows, total = [], 0
    while total < size:
        rng.shuffle(words)
        step = len(words) // max(len(texts), 1)
        rows += [" ".join(words[i : i + step]) for i in range(0, len(words), step)]
        total += sum(len(row.encode()) for row in rows[-len(texts) :])
    array = pa.array(rows, pa.large_string())
    floor = array.buffers()[2].to_pybytes()
    target = memoryview(bytearray(len(floor)))

    def copy():
        target[:] = floor

    calls = {"ours": lambda: rw.normalize(array, threads=1), "copy": copy, "fresh": lambda: bytearray(floor)}
    rates = {name: len(floor) / seconds / 1e9 for name, seconds in beside(calls, 3).items()}
    print(
        f"\na column of {len(floor) / 1e6:.0f} MB, one thread: Arrow → Arrow {rates['ours']:.2f} GB/s; memcpy into memory"
        f" touched before {rates['copy']:.2f} ({rates['ours'] / rates['copy']:.2f} ×), into fresh memory"
        f" {rates['fresh']:.2f} ({rates['ours'] / rates['fresh']:.2f} ×)"
    )


def threads(texts: list[str]) -> None:
    pa = optional("pyarrow")
    if not pa:
        return
    million = pa.array((texts * (1_000_000 // len(texts) + 1))[:1_000_000])
    clocks = {"passed": time.perf_counter, "of the processor": time.process_time}
    for name, clock in clocks.items():
        one = best(lambda: rw.normalize(million, threads=1), 4, clock)
        two = best(lambda: rw.normalize(million, threads=2), 4, clock)
        print(f"a million short strings, time {name}: one thread {one * 1e3:.1f} ms, two {two * 1e3:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", type=Path, default=Path("../shared/text/antcorpus.jsonl.xz"))
    parser.add_argument("--megabytes", type=float, default=8)
    parser.add_argument(
        "--large", type=float, default=200, help="megabytes of the column that no cache holds"
    )
    options = parser.parse_args()
    if not options.text.exists():
        sys.exit(f"{options.text} is not there: the benchmark reads news from it")
    kinds = texts(options.text, int(options.megabytes * 1e6))
    for title, sample in kinds.items():
        compare(title, sample)
    large(kinds["news"], int(options.large * 1e6))
    threads(kinds["short lines"])


if __name__ == "__main__":
    main()

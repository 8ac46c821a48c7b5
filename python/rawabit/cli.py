"""The command ``rawabit``; also ``python -m rawabit``.

Exit status 0 for success, 1 for a failure at run time (one line on stderr that names the file and the row), 2 for a wrong call.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rawabit import _native, articles
from rawabit.articles import Batch, Columns, FileError
from rawabit.files import Writer
from rawabit.report import Corpus, page

if TYPE_CHECKING:
    from rawabit import Table

#: Bytes of lines that a filter reads at a time.
FILTER_BATCH = 1_000_000

#: Tables that are written as they come; the pairs are written at the end.
STREAMED = ("documents", "sentences", "entities", "mentions", "relations")


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Default: those of the process.

    Returns
    -------
    int
        The exit status.
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (FileError, _native.RawabitError, ImportError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            # Whoever reads us has seen enough; Python must not complain when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        print(f"rawabit: {_one_line(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("rawabit: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    return 0


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rawabit", description="Entities and relations from Arabic text: who stands how to whom."
    )
    parser.add_argument("--version", action="version", version=f"rawabit {_native.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in (_add_analyze, _add_filters, _add_train, _add_evaluate):
        add(commands)
    return parser


def _add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], about: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    command.set_defaults(run=run)
    return command


def _add_threads(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--threads", type=_positive, metavar="N", help="default: RAWABIT_THREADS, else all CPUs it may use"
    )


def _add_lexicon(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lexicon", metavar="FILE", help="your own entities and triggers, TOML or CSV")
    command.add_argument("--model", metavar="FILE", help="your own tagger, as `rawabit train` writes it")


def _add_analyze(commands: Any) -> None:
    command = _add_command(commands, "analyze", analyze, "read articles; write tables and a report")
    command.add_argument(
        "paths", nargs="+", metavar="PATH", help=".txt, .csv, .jsonl or .parquet files, or folders of them"
    )
    command.add_argument("-o", "--output", metavar="DIR", default="rawabit-out", help="default: %(default)s")
    command.add_argument(
        "--format",
        choices=("parquet", "csv", "jsonl"),
        help="default: parquet if pyarrow is installed, else csv",
    )
    command.add_argument("--text-column", metavar="C", default="text", help="default: %(default)s")
    command.add_argument("--date-column", metavar="D", help="the articles' dates, year-month-day")
    _add_lexicon(command)
    _add_threads(command)


def _add_filters(commands: Any) -> None:
    about = "read texts from stdin, one a line; write JSON Lines on stdout"
    normalize = _add_command(commands, "normalize", normalize_lines, about)
    normalize.add_argument("--profile", default="search", help="default: %(default)s")
    for name, function in (("entities", _native.entities), ("relations", _native.relations)):
        command = _add_command(commands, name, records_of_lines, about)
        command.set_defaults(function=function)
        _add_lexicon(command)
        _add_threads(command)


def _add_train(commands: Any) -> None:
    command = _add_command(commands, "train", train, "train a tagger of names on CoNLL data")
    command.add_argument(
        "conll",
        metavar="TRAIN.conll",
        help="token and IOB2 tag in two columns, an empty line between sentences",
    )
    command.add_argument("-o", "--output", metavar="MODEL", required=True)
    command.add_argument("--epochs", type=_positive, default=10, help="default: %(default)s")
    command.add_argument("--seed", type=int, default=7, help="default: %(default)s")


def _add_evaluate(commands: Any) -> None:
    command = _add_command(
        commands, "evaluate", evaluate, "score a tagger on CoNLL data: exact spans, by label"
    )
    command.add_argument("model", metavar="MODEL")
    command.add_argument("conll", metavar="TEST.conll")
    command.add_argument("--json", action="store_true", help="print one JSON object")


# analyze


def analyze(options: argparse.Namespace) -> None:
    """``rawabit analyze``."""
    files = articles.find(options.paths)
    columns = Columns(options.text_column, options.date_column)
    ending = options.format or ("parquet" if find_spec("pyarrow") else "csv")
    folder = Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    summary = Summary()
    statistics = _native.PairStatistics()
    corpus = Corpus()
    extra = _extra(options)
    with ExitStack() as stack:
        writers = {name: stack.enter_context(Writer(folder / f"{name}.{ending}")) for name in STREAMED}
        meter = stack.enter_context(Meter())
        for batch in articles.batches(files, columns):
            texts, tables = _analyze_batch(batch, summary.n_documents, options.threads, meter, extra)
            for name, writer in writers.items():
                writer.write(tables[name])
            statistics.add(tables["relations"])
            summary.add(tables)
            corpus.add(texts, tables)
    pairs = statistics.pairs()
    with Writer(folder / f"pairs.{ending}") as writer:
        writer.write(pairs)
    report = folder / "report.html"
    report.write_text(_report(corpus, statistics.pairs(directed=False)), encoding="utf-8")
    summary.print(statistics.pairs(directed=False))
    print(f"\nTables  {folder}/*.{ending}\nReport  {report}")


def _extra(options: argparse.Namespace) -> dict[str, Any]:
    """The user's lexicon and model as keywords of the functions."""
    import rawabit

    extra: dict[str, Any] = {}
    if options.lexicon:
        extra["lexicon"] = rawabit.Lexicon.load(options.lexicon)
    if options.model:
        extra["model"] = rawabit.Tagger.load(options.model)
    return extra


def _analyze_batch(
    batch: Batch, start: int, threads: int | None, meter: Meter, extra: dict[str, Any]
) -> tuple[Any, dict[str, Table]]:
    dated = any(batch.dates)
    return _native.analyze_tables(
        batch.texts,
        date=batch.dates if dated else None,
        names=batch.names,
        threads=threads,
        progress=meter.of_batch(start) if meter.visible else None,
        start=start,
        **extra,
    )


def _report(corpus: Corpus, pairs: Table) -> str:
    rows = corpus.shown
    html = page(
        documents=rows["documents"],
        sentences=rows["sentences"],
        entities=rows["entities"],
        relations=rows["relations"],
        pairs=pairs.to_dicts(),
        texts={doc: text for doc, text in corpus.texts.items() if text is not None},
        version=_native.__version__,
        corpus=corpus,
    )
    return str(html)


class Meter:
    """How far an analysis is, on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self.visible = sys.stderr.isatty()
        self._started = time.monotonic()

    def __enter__(self) -> Meter:
        return self

    def of_batch(self, start: int) -> Callable[[int, int], None]:
        """A progress function for a batch whose first article has the number `start`."""

        def show(done: int, total: int) -> None:
            seconds = max(time.monotonic() - self._started, 1e-3)
            bar = "█" * (20 * done // max(total, 1))
            line = f"\r{bar:<20} {start + done:,} articles, {(start + done) / seconds:,.0f} a second"
            print(line, end="", file=sys.stderr, flush=True)

        return show

    def __exit__(self, *_: object) -> None:
        if self.visible:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


class Summary:
    """What `rawabit analyze` prints: counts, the most frequent entities, the strongest pairs, some relations."""

    #: Entities, pairs and relations that are shown.
    SHOWN = (10, 8, 5)

    def __init__(self) -> None:
        self.n_documents = 0
        self.n_tokens = 0
        self.counts: Counter[str] = Counter()
        self.entities: Counter[tuple[str, str]] = Counter()
        self.relations: list[dict[str, Any]] = []

    def add(self, tables: dict[str, Table]) -> None:
        """Count the tables of a batch."""
        self.n_documents += len(tables["documents"])
        self.n_tokens += sum(tables["documents"]["n_tokens"])
        self.counts.update({name: len(tables[name]) for name in ("sentences", "entities", "relations")})
        entities = tables["entities"]
        values = {"DATE", "TIME", "NUMBER", "PERCENT", "MONEY"}
        named = zip(entities["entity"], entities["label"], strict=True)
        self.entities.update((name, label) for name, label in named if label not in values)
        best = {(row["family"], row["source_entity"], row["target_entity"]): row for row in self.relations}
        for row in tables["relations"]:
            key = (row["family"], row["source_entity"], row["target_entity"])
            if row["confidence"] > best.get(key, {"confidence": 0.0})["confidence"]:
                best[key] = row
        self.relations = sorted(best.values(), key=lambda row: -row["confidence"])[: self.SHOWN[2]]

    def print(self, pairs: Table) -> None:
        """Print it."""
        n = self.counts
        print(f"{self.n_documents:,} articles, {n['sentences']:,} sentences, {self.n_tokens:,} tokens")
        print(f"{n['entities']:,} entities, {n['relations']:,} relation mentions, {len(pairs):,} pairs")
        self._print_entities()
        self._print_pairs(pairs)
        self._print_relations()

    def _print_entities(self) -> None:
        if self.entities:
            print("\nMost frequent entities")
        for (name, label), count in self.entities.most_common(self.SHOWN[0]):
            print(f"  {count:>6,}  {label:<5}  {_isolate(name)}")

    def _print_pairs(self, pairs: Table) -> None:
        rows = [row for row in pairs if row["cooperation"] or row["conflict"]]
        rows.sort(key=lambda row: -(row["cooperation"] + row["conflict"]))
        if rows:
            print("\nStrongest pairs: score on −10…+10 and its 90 % interval, articles")
        for row in rows[: self.SHOWN[1]]:
            interval = f"[{row['low']:+.1f}, {row['high']:+.1f}]"
            names = f"{_isolate(row['source'])} – {_isolate(row['target'])}"
            print(f"  {row['score']:+5.1f} {interval:<15} {row['n_docs']:>4,}  {names}  {row['families']}")

    def _print_relations(self) -> None:
        if self.relations:
            print("\nRelations with their evidence")
        for row in self.relations:
            status = "negated" if row["negated"] else row["factuality"]
            by = f", by {_isolate(row['attribution'])}" if row["attribution"] else ""
            names = f"{_isolate(row['source_entity'])} → {_isolate(row['target_entity'])}"
            print(f"  {row['family']:<10} {names}  ({status}{by}, confidence {row['confidence']:.2f})")
            print(f"             {_isolate(_shorten(row['evidence']))}")


def _isolate(text: str) -> str:
    """Arabic within a line that runs from left to right: set apart, so that the line keeps its order."""
    return f"\u2068{text}\u2069"


def _shorten(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


# Filters


def _lines() -> Iterator[list[str]]:
    """The lines of stdin, many at a time; one at a time from a terminal."""
    limit = 1 if sys.stdin.isatty() else FILTER_BATCH
    lines: list[str] = []
    size = 0
    for number, line in enumerate(sys.stdin.buffer):
        try:
            lines.append(line.rstrip(b"\r\n").decode())
        except UnicodeDecodeError as error:
            raise FileError(
                f"stdin: row {number}: not UTF-8 ({error.reason} at byte {error.start})"
            ) from None
        size += len(line)
        if size >= limit:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _print_rows(rows: Iterable[dict[str, Any]]) -> None:
    # Bytes, since the terminal's encoding need not be UTF-8: JSON Lines always are.
    sys.stdout.buffer.writelines(f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in rows)
    sys.stdout.buffer.flush()


def normalize_lines(options: argparse.Namespace) -> None:
    """``rawabit normalize``: doc and text of each line."""
    import rawabit

    normalizer = rawabit.Normalizer(options.profile)
    start = 0
    for lines in _lines():
        texts = normalizer(lines)
        _print_rows({"doc": start + number, "text": text} for number, text in enumerate(texts))
        start += len(lines)


def records_of_lines(options: argparse.Namespace) -> None:
    """``rawabit entities`` and ``rawabit relations``: the rows of the table; doc is the number of the line."""
    extra = _extra(options)
    start = 0
    for lines in _lines():
        table = options.function(lines, threads=options.threads, **extra)
        _print_rows({**row, "doc": row["doc"] + start} for row in table)
        start += len(lines)


# A tagger of one's own


def train(options: argparse.Namespace) -> None:
    """``rawabit train``."""
    import rawabit

    tagger = rawabit.Tagger.train(options.conll, epochs=options.epochs, seed=options.seed)
    tagger.save(options.output)
    print(f"{options.output}: labels {', '.join(tagger.labels)}")


def evaluate(options: argparse.Namespace) -> None:
    """``rawabit evaluate``."""
    import rawabit

    scores = rawabit.Tagger.load(options.model).evaluate(options.conll)
    if options.json:
        print(json.dumps(scores, ensure_ascii=False))
        return
    print(f"{'label':<10} {'precision':>9} {'recall':>7} {'F1':>7} {'gold':>6}")
    for label, score in scores.items():
        shares = f"{score['precision']:>9.1%} {score['recall']:>7.1%} {score['f1']:>7.1%}"
        print(f"{label:<10} {shares} {score['gold']:>6,}")


if __name__ == "__main__":
    sys.exit(main())

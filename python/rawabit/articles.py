"""Articles from files, a batch at a time: a corpus may be larger than memory."""

from __future__ import annotations

import csv
import datetime
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

#: Characters of text in one batch of articles.
BATCH = 8_000_000

#: Articles in one batch at most.
BATCH_ARTICLES = 20_000

#: File names that are read when a folder is given.
SUFFIXES = (".txt", ".csv", ".jsonl", ".parquet")


class FileError(Exception):
    """A file that cannot be read or written; the message is one line that names it, and the row where there is one."""


class Article(NamedTuple):
    """A text of a corpus: its name is the file, with the row where the file has several."""

    name: str
    text: str | None
    date: datetime.date | None


@dataclass
class Batch:
    """Articles as columns."""

    names: list[str] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    dates: list[datetime.date | None] = field(default_factory=list)
    size: int = 0

    def add(self, article: Article) -> None:
        self.names.append(article.name)
        self.texts.append(article.text)
        self.dates.append(article.date)
        self.size += len(article.text or "")

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Columns:
    """Which columns of a file hold the texts and the dates; the date's is optional."""

    text: str = "text"
    date: str | None = None


def find(paths: Iterable[str | Path]) -> list[Path]:
    """The files that `paths` name; of a folder, those within it that can be read, in the order of their names.

    Raises
    ------
    FileError
        If there is no such file, it is of no kind that can be read, or a folder has none that is.
    """
    out: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            if not inside:
                raise FileError(f"{path}: no {', '.join(SUFFIXES)} files in this folder")
            out.extend(inside)
        elif not path.exists():
            raise FileError(f"{path}: no such file or folder")
        elif path.suffix.lower() not in SUFFIXES:
            raise FileError(f"{path}: expected one of {', '.join(SUFFIXES)}")
        else:
            out.append(path)
    return out


def batches(files: Iterable[Path], columns: Columns) -> Iterator[Batch]:
    """The articles of `files`, a batch at a time."""
    batch = Batch()
    for article in chain.from_iterable(read(path, columns) for path in files):
        batch.add(article)
        if batch.size >= BATCH or len(batch) == BATCH_ARTICLES:
            yield batch
            batch = Batch()
    if len(batch):
        yield batch


def read(path: Path, columns: Columns) -> Iterator[Article]:
    """The articles of one file, one after the other."""
    readers = {".txt": _read_txt, ".csv": _read_csv, ".jsonl": _read_jsonl, ".parquet": _read_parquet}
    try:
        yield from readers[path.suffix.lower()](path, columns)
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from None
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None


def _read_txt(path: Path, columns: Columns) -> Iterator[Article]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield Article(path.name, stream.read(), None)


def _read_csv(path: Path, columns: Columns) -> Iterator[Article]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        names = rows.fieldnames or []
        _check(path, names, columns)
        try:
            for number, row in enumerate(rows):
                yield _article(path, number, row, columns)
        except csv.Error as error:
            raise FileError(f"{path}: line {rows.line_num}: {error}") from None


def _read_jsonl(path: Path, columns: Columns) -> Iterator[Article]:
    with path.open(encoding="utf-8-sig") as stream:
        for number, line in enumerate(stream):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise FileError(f"{path}: row {number}: no JSON ({error.msg})") from None
            if not isinstance(row, dict):
                raise FileError(f"{path}: row {number}: {type(row).__name__}, expected an object")
            if columns.text not in row:
                raise FileError(f"{path}: row {number}: no {columns.text!r}; there are {', '.join(row)}")
            yield _article(path, number, row, columns)


def _read_parquet(path: Path, columns: Columns) -> Iterator[Article]:
    wanted = [columns.text, *([columns.date] if columns.date else [])]
    number = 0
    for rows in _parquet_batches(path, wanted, columns):
        for row in rows:
            yield _article(path, number, row, columns)
            number += 1


def _parquet_batches(path: Path, wanted: list[str], columns: Columns) -> Iterator[list[dict[str, Any]]]:
    try:
        import pyarrow.parquet
    except ImportError:
        yield from _parquet_batches_polars(path, wanted, columns)
        return
    try:
        file = pyarrow.parquet.ParquetFile(path)
        _check(path, file.schema_arrow.names, columns)
        for batch in file.iter_batches(batch_size=4096, columns=wanted):
            yield batch.to_pylist()
    except pyarrow.ArrowException as error:
        raise FileError(f"{path}: {_one_line(error)}") from None


def _parquet_batches_polars(
    path: Path, wanted: list[str], columns: Columns
) -> Iterator[list[dict[str, Any]]]:
    try:
        import polars
    except ImportError:
        raise FileError(f"{path}: reading parquet needs pyarrow or polars; pip install pyarrow") from None
    try:
        frame = polars.scan_parquet(path)
        _check(path, frame.collect_schema().names(), columns)
        frame = frame.select(wanted)
        start = 0
        while rows := frame.slice(start, 4096).collect().to_dicts():
            yield rows
            start += len(rows)
    except polars.exceptions.PolarsError as error:
        raise FileError(f"{path}: {_one_line(error)}") from None


def _check(path: Path, names: Iterable[str], columns: Columns) -> None:
    for wanted in (columns.text, columns.date):
        if wanted is not None and wanted not in names:
            raise FileError(f"{path}: no column {wanted!r}; there are {', '.join(names) or 'none'}")


def _article(path: Path, number: int, row: dict[str, Any], columns: Columns) -> Article:
    text = row.get(columns.text)
    if text is not None and not isinstance(text, str):
        raise FileError(f"{path}: row {number}: {columns.text!r} is {type(text).__name__}, expected a string")
    if text is not None and not _is_unicode(text):
        raise FileError(
            f"{path}: row {number}: {columns.text!r} has a lone surrogate, which is no valid text"
        )
    date = row.get(columns.date) if columns.date else None
    try:
        day = datetime.date.fromisoformat(str(date)[:10]) if date not in (None, "") else None
    except ValueError:
        message = f"{path}: row {number}: {columns.date!r} is {date!r}, expected year-month-day"
        raise FileError(message) from None
    return Article(f"{path.name}:{number}", text, day)


def _is_unicode(text: str) -> bool:
    """Whether the text can be encoded: JSON can spell what UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())

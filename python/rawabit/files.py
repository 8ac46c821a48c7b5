"""Tables into files, piece by piece."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rawabit import Table


class Writer:
    """A table written piece by piece; use it in a ``with`` statement.

    Parameters
    ----------
    path
        The file; its suffix tells the format: ``.parquet`` (needs pyarrow), ``.csv`` (with the mark that tells Excel
        that it is UTF-8) or ``.jsonl``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parquet: Any = None
        self._stream: IO[str] | None = None
        self._first = True
        if path.suffix == ".parquet":
            try:
                import pyarrow.parquet  # noqa: F401
            except ImportError:
                message = "writing parquet needs pyarrow: pip install pyarrow, or use csv or jsonl"
                raise ImportError(message) from None
        elif path.suffix not in (".csv", ".jsonl"):
            raise ValueError(f"{path}: expected one of .parquet, .csv, .jsonl")

    def __enter__(self) -> Writer:
        return self

    def write(self, table: Table) -> None:
        """Append the rows of a table; all tables have the same columns."""
        if self.path.suffix == ".parquet":
            self._write_parquet(table)
        else:
            if self._stream is None:
                encoding = "utf-8-sig" if self.path.suffix == ".csv" else "utf-8"
                self._stream = self.path.open("w", encoding=encoding, newline="")
            if self.path.suffix == ".csv":
                self._write_csv(table, self._stream)
            else:
                self._stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in table)
        self._first = False

    def _write_parquet(self, table: Table) -> None:
        import pyarrow
        import pyarrow.parquet

        rows = pyarrow.table(table)
        if self._parquet is None:
            self._parquet = pyarrow.parquet.ParquetWriter(self.path, rows.schema, compression="zstd")
        self._parquet.write_table(rows)

    def _write_csv(self, table: Table, stream: IO[str]) -> None:
        writer = csv.writer(stream)
        if self._first:
            writer.writerow(table.columns)
        writer.writerows(row.values() for row in table)

    def __exit__(self, *_: object) -> None:
        for open_file in (self._parquet, self._stream):
            if open_file is not None:
                open_file.close()


def write_table(table: Table, path: str | Path) -> Path:
    """Write a whole table into a file; its suffix tells the format.

    Raises
    ------
    ImportError
        For Parquet without pyarrow.
    """
    path = Path(path)
    with Writer(path) as writer:
        writer.write(table)
    return path

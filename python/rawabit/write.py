"""Tables into files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rawabit import Table


def write_table(table: Table, path: Path) -> Path:
    """Write a table in the format that the ending of ``path`` names: ``.parquet``, ``.csv`` or ``.jsonl``.

    Raises
    ------
    ImportError
        For Parquet without pyarrow.
    """
    {".parquet": _parquet, ".csv": _csv, ".jsonl": _jsonl}[path.suffix](table, path)
    return path


def _parquet(table: Table, path: Path) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        message = "Parquet needs pyarrow: pip install rawabit[frames]; or choose format='csv' or 'jsonl'"
        raise ImportError(message) from error
    pyarrow.parquet.write_table(pyarrow.table(table), path)


def _csv(table: Table, path: Path) -> None:
    # The byte order mark is what makes Excel read Arabic; pandas, polars and duckdb skip it.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, table.columns)
        writer.writeheader()
        writer.writerows(table)


def _jsonl(table: Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in table)

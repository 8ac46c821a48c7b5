"""The hand-over between our tables and pandas, polars and pyarrow. None of them is needed, none is imported before it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from rawabit import Table


def like(texts: Any, table: Table) -> Any:
    """Records in the kind of frame that goes with a column of texts.

    Parameters
    ----------
    texts
        A pandas Series or Index, or a polars Series.
    table
        Its records; ``doc`` holds row numbers.

    Returns
    -------
    pandas.DataFrame or polars.DataFrame
        For a pandas Series ``doc`` holds the labels of its index.
    """
    if _is_polars(texts):
        return to_polars(table)
    frame = to_pandas(table)
    if hasattr(texts, "index") and not callable(texts.index):
        index = texts.index
        # A MultiIndex gives its tuples.
        labels = index.to_flat_index() if index.nlevels > 1 else index
        frame["doc"] = labels.take(frame["doc"].to_numpy())
    return frame


def in_kind_of(frame: Any, table: Table) -> Any:
    """A table as the kind of frame that `frame` is."""
    if _is_polars(frame):
        return to_polars(table)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return to_pandas(table)
    return table


def labels(texts: Any) -> list[Any] | None:
    """The index labels of a pandas Series; ``None`` for other columns, and for an index that counts from 0."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(texts, pandas.Series):
        return None
    index = texts.index
    if isinstance(index, pandas.RangeIndex) and index.start == 0 and index.step == 1:
        return None
    return list(index)


def to_pandas(table: Table) -> pandas.DataFrame:
    """The rows as a pandas frame, through pyarrow where it is installed."""
    import pandas

    try:
        import pyarrow
    except ImportError:
        return pandas.DataFrame(table.to_dict(), columns=table.columns)
    frame: pandas.DataFrame = pyarrow.table(table).to_pandas()
    return frame


def to_polars(table: Table) -> polars.DataFrame:
    """The rows as a polars frame."""
    import polars

    frame = polars.DataFrame(table)
    assert isinstance(frame, polars.DataFrame)
    return frame


def to_arrow(table: Table) -> pyarrow.Table:
    """The rows as a pyarrow table."""
    import pyarrow

    return pyarrow.table(table)


def _is_polars(value: Any) -> bool:
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(value, (polars.Series, polars.DataFrame))

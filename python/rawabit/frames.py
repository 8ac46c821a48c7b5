"""The hand-over between our tables and pandas, polars and pyarrow, and ``series.rawabit`` in the first two.

None of them is needed, none is imported before it is used. The accessors are there when pandas or polars was imported before
rawabit; else call :func:`register` once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rawabit import _native

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


class TextAccessor:
    """``series.rawabit`` of pandas and polars: the package's functions on a column of texts.

    Examples
    --------
    >>> import pandas as pd
    >>> import rawabit.frames
    >>> rawabit.frames.register()
    >>> pd.Series(["القَاعِدَةُ"]).rawabit.normalize().tolist()
    ['القاعده']
    """

    def __init__(self, series: Any) -> None:
        self._series = series

    def normalize(self, profile: str = "search", **switches: Any) -> Any:
        """As :func:`rawabit.normalize`: a Series."""
        return _native.normalize(self._series, profile, **switches)

    def sentences(self, **options: Any) -> Any:
        """As :func:`rawabit.sentences`: a frame."""
        return _native.sentences(self._series, **options)

    def tokens(self, **options: Any) -> Any:
        """As :func:`rawabit.tokens`: a frame."""
        return _native.tokens(self._series, **options)

    def entities(self, **options: Any) -> Any:
        """As :func:`rawabit.entities`: a frame."""
        return _native.entities(self._series, **options)

    def relations(self, **options: Any) -> Any:
        """As :func:`rawabit.relations`: a frame."""
        return _native.relations(self._series, **options)

    def analyze(self, **options: Any) -> Any:
        """As :func:`rawabit.analyze`: an Analysis."""
        from rawabit import analyze

        return analyze(self._series, **options)


class ExpressionAccessor:
    """``pl.col("text").rawabit`` of polars: what gives a column for a column."""

    def __init__(self, expression: Any) -> None:
        self._expression = expression

    def normalize(self, profile: str = "search", **switches: Any) -> Any:
        """As :func:`rawabit.normalize`, lazily."""
        import polars

        normalizer = _native.Normalizer(profile, **switches)
        return self._expression.map_batches(normalizer, return_dtype=polars.String)


def register() -> None:
    """Give pandas' and polars' columns the accessor ``rawabit``, where these packages are imported already.

    ``import rawabit`` calls it; call it yourself if pandas or polars is imported later.
    """
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    # A package that is only half imported has no api yet: it imports us.
    if hasattr(pandas, "api") and not hasattr(getattr(pandas, "Series", None), "rawabit"):
        accessor: Callable[[Any], Any] = pandas.api.extensions.register_series_accessor("rawabit")  # type: ignore[union-attr]
        accessor(TextAccessor)
    if hasattr(polars, "api") and not hasattr(getattr(polars, "Series", None), "rawabit"):
        polars.api.register_series_namespace("rawabit")(TextAccessor)  # type: ignore[union-attr]
        polars.api.register_expr_namespace("rawabit")(ExpressionAccessor)  # type: ignore[union-attr]

"""The Rust half of the package."""

# Without the stubs of pandas its classes are Any, and every overload behind them looks out of reach.
# mypy: disable-error-code="overload-cannot-match, overload-overlap"

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, Self, TypeAlias, TypedDict, TypeVar, final, overload

import pandas as pd
import polars as pl
import pyarrow as pa

__version__: str

class ArrowStream(Protocol):
    """What speaks the Arrow PyCapsule protocol for streams."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class ArrowArray(Protocol):
    """What speaks the Arrow PyCapsule protocol for arrays."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

Texts: TypeAlias = str | Iterable[str | None] | ArrowStream | ArrowArray | None
Date: TypeAlias = datetime.date | str | None
Dates: TypeAlias = Date | Iterable[Date] | ArrowStream | ArrowArray
Frame: TypeAlias = Table | ArrowStream | Mapping[str, Iterable[Any]]
OnError: TypeAlias = Literal["strict", "replace"]

class RawabitError(ValueError):
    """A value that cannot be used; base of the package's own errors and a ValueError."""

class TextError(RawabitError):
    """A text that is not valid Unicode (a lone surrogate); the message names the row."""

class DataError(RawabitError):
    """A lexicon, model or CoNLL file that does not read; the message names file and line."""

@final
class Table:
    """Records as an immutable table of Arrow columns."""

    def __new__(cls, data: Frame | pd.DataFrame) -> Self: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    @overload
    def __getitem__(self, key: str, /) -> list[Any]: ...
    @overload
    def __getitem__(self, key: int, /) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, key: slice | list[str], /) -> Table: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def to_dict(self) -> dict[str, list[Any]]: ...
    def to_dicts(self) -> list[dict[str, Any]]: ...
    def to_pandas(self) -> pd.DataFrame: ...
    def to_polars(self) -> pl.DataFrame: ...
    def to_arrow(self) -> pa.Table: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
    def __reduce__(self) -> tuple[Any, ...]: ...
    def _repr_html_(self) -> str: ...
    def _relabel(self, labels: Iterable[Any]) -> Table: ...

@final
class TextColumn(Sequence[str | None]):
    """The texts of a column as a read-only sequence."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, row: int, /) -> str | None: ...
    @overload
    def __getitem__(self, row: slice, /) -> Sequence[str | None]: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

class EntityEntry(TypedDict, total=False):
    """An entity of a Lexicon; name and label are needed."""

    name: str
    label: str
    kind: str | None
    code: str | None
    aliases: list[str]

class TriggerEntry(TypedDict, total=False):
    """A relation trigger of a Lexicon; family and phrase are needed."""

    family: str
    phrase: str
    subject: Literal["source", "target"] | None

class FamilyEntry(TypedDict, total=False):
    """A relation family of a Lexicon; family is needed."""

    family: str
    symmetric: bool
    intensity: float
    plover: str | None
    cameo: str | None
    goldstein: float | None

@final
class Lexicon:
    """Entities, aliases, relation triggers and families of your own, merged over the built-in ones."""

    def __new__(
        cls,
        *,
        entities: Iterable[EntityEntry] | None = None,
        blocked: Iterable[str] | None = None,
        triggers: Iterable[TriggerEntry] | None = None,
        families: Iterable[FamilyEntry] | None = None,
    ) -> Self: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Lexicon: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

Conll: TypeAlias = str | os.PathLike[str] | Iterable[Iterable[tuple[str, str]]]

class Score(TypedDict):
    """Exact-span scores of one label."""

    precision: float
    recall: float
    f1: float
    gold: int
    found: int
    right: int

@final
class Tagger:
    """A tagger of names, trained on CoNLL data."""

    @classmethod
    def train(
        cls,
        conll: Conll,
        *,
        epochs: int = 10,
        seed: int = 7,
        progress: Callable[[int, int], object] | None = None,
    ) -> Tagger: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Tagger: ...
    def save(self, path: str | os.PathLike[str]) -> None: ...
    @property
    def labels(self) -> list[str]: ...
    def evaluate(self, conll: Conll) -> dict[str, Score]: ...
    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@overload
def sentences(
    x: pd.Series[Any], *, errors: OnError = "strict", threads: int | None = None
) -> pd.DataFrame: ...
@overload
def sentences(x: pl.Series, *, errors: OnError = "strict", threads: int | None = None) -> pl.DataFrame: ...
@overload
def sentences(x: Texts, *, errors: OnError = "strict", threads: int | None = None) -> Table: ...
@overload
def tokens(x: pd.Series[Any], *, errors: OnError = "strict", threads: int | None = None) -> pd.DataFrame: ...
@overload
def tokens(x: pl.Series, *, errors: OnError = "strict", threads: int | None = None) -> pl.DataFrame: ...
@overload
def tokens(x: Texts, *, errors: OnError = "strict", threads: int | None = None) -> Table: ...
@overload
def entities(
    x: pd.Series[Any],
    *,
    date: Dates = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    errors: OnError = "strict",
    threads: int | None = None,
) -> pd.DataFrame: ...
@overload
def entities(
    x: pl.Series,
    *,
    date: Dates = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    errors: OnError = "strict",
    threads: int | None = None,
) -> pl.DataFrame: ...
@overload
def entities(
    x: Texts,
    *,
    date: Dates = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    errors: OnError = "strict",
    threads: int | None = None,
) -> Table: ...
@overload
def relations(
    x: pd.Series[Any],
    *,
    date: Dates = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    errors: OnError = "strict",
    threads: int | None = None,
) -> pd.DataFrame: ...
@overload
def relations(
    x: pl.Series,
    *,
    date: Dates = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    errors: OnError = "strict",
    threads: int | None = None,
) -> pl.DataFrame: ...
@overload
def relations(
    x: Texts,
    *,
    date: Dates = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    errors: OnError = "strict",
    threads: int | None = None,
) -> Table: ...
def reasons(
    text: str,
    *,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    entities: Any = None,
    errors: OnError = "strict",
) -> list[tuple[int, int, int, str, list[tuple[str, float, float]]]]: ...
def analyze_tables(
    x: Texts | pd.Series[Any] | pl.Series,
    *,
    date: Dates = None,
    names: Iterable[str | None] | None = None,
    lexicon: Lexicon | None = None,
    model: Tagger | None = None,
    entities: Frame | pd.DataFrame | None = None,
    progress: bool | Callable[[int, int], object] | None = None,
    errors: str = "strict",
    threads: int | None = None,
    start: int = 0,
) -> tuple[TextColumn, dict[str, Table]]: ...
@overload
def score_pairs(
    relations: pd.DataFrame, by: str | Sequence[str] | None = None, *, directed: bool = True
) -> pd.DataFrame: ...
@overload
def score_pairs(
    relations: pl.DataFrame, by: str | Sequence[str] | None = None, *, directed: bool = True
) -> pl.DataFrame: ...
@overload
def score_pairs(
    relations: Frame, by: str | Sequence[str] | None = None, *, directed: bool = True
) -> Table: ...

@final
class PairStatistics:
    """What pair scores are computed from, for corpora that come in parts."""

    def __new__(cls) -> Self: ...
    def add(self, relations: Frame | pd.DataFrame) -> None: ...
    def pairs(self, *, directed: bool = True) -> Table: ...

@overload
def associations(entities: pd.DataFrame) -> pd.DataFrame: ...
@overload
def associations(entities: pl.DataFrame) -> pl.DataFrame: ...
@overload
def associations(entities: Frame) -> Table: ...

X = TypeVar("X", str, None, list[str | None], list[str], pd.Series[Any], pl.Series)

@overload
def normalize(
    x: X,
    profile: str = "search",
    *,
    errors: OnError = "strict",
    threads: int | None = None,
    **switches: bool | str,
) -> X: ...
@overload
def normalize(
    x: Texts,
    profile: str = "search",
    *,
    errors: OnError = "strict",
    threads: int | None = None,
    **switches: bool | str,
) -> Any: ...
@overload
def transliterate(x: str, scheme: str = "buckwalter", *, reverse: bool = False) -> str: ...
@overload
def transliterate(x: Texts, scheme: str = "buckwalter", *, reverse: bool = False) -> list[str | None]: ...
@overload
def romanize(x: str) -> str: ...
@overload
def romanize(x: Texts) -> list[str | None]: ...

@final
class Normalizer:
    """A reusable normalization."""

    def __new__(cls, profile: str = "search", **switches: bool | str) -> Self: ...
    @overload
    def __call__(self, x: X, *, errors: OnError = "strict", threads: int | None = None) -> X: ...
    @overload
    def __call__(self, x: Texts, *, errors: OnError = "strict", threads: int | None = None) -> Any: ...
    @overload
    def aligned(self, x: str, *, errors: OnError = "strict") -> Aligned: ...
    @overload
    def aligned(self, x: Texts, *, errors: OnError = "strict") -> AlignedTexts: ...
    def code_points(self) -> dict[str, str]: ...
    @property
    def profile(self) -> str: ...
    @property
    def switches(self) -> dict[str, str]: ...
    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class AlignedTexts:
    """The texts of a column, normalized, each with the way back to its original."""

    @property
    def texts(self) -> list[str | None]: ...
    def to_original(self, row: int, start: int, end: int) -> tuple[int, int]: ...
    def to_normalized(self, row: int, start: int, end: int) -> tuple[int, int]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> Aligned | None: ...

@final
class Aligned:
    """A normalized text and the way between its offsets and the original's."""

    @property
    def text(self) -> str: ...
    def to_original(self, start: int, end: int) -> tuple[int, int]: ...
    def to_normalized(self, start: int, end: int) -> tuple[int, int]: ...
    def __len__(self) -> int: ...

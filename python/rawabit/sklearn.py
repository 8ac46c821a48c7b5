"""Steps for scikit-learn pipelines: normalized text, tokens, and what a text names and claims as columns of counts.

>>> from rawabit.sklearn import RelationVectorizer
>>> vectorizer = RelationVectorizer().fit(["هاجم تنظيم داعش مدينة الموصل."])
>>> list(vectorizer.get_feature_names_out())
['ATTACK']

Needs scikit-learn: ``pip install rawabit[sklearn]``.
"""

# scikit-learn has no types: its base classes are Any.
# mypy: disable-error-code="misc"

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Literal

try:
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.base import BaseEstimator, TransformerMixin
    from sklearn.utils.validation import check_is_fitted
except ImportError as error:
    raise ImportError("rawabit.sklearn needs scikit-learn: pip install rawabit[sklearn]") from error

from rawabit import _native

__all__ = ["EntityVectorizer", "RelationVectorizer", "TextNormalizer", "Tokenizer"]


def _column(x: Any) -> Any:
    """A column of texts: what scikit-learn hands over may be a table with one column."""
    if isinstance(x, str):
        raise ValueError("expected a column of texts, got one str")
    if getattr(x, "ndim", 1) == 2:
        if x.shape[1] != 1:
            raise ValueError(f"expected one column of texts, got {x.shape[1]}")
        return x.iloc[:, 0] if hasattr(x, "iloc") else x[:, 0]
    return x


class TextNormalizer(TransformerMixin, BaseEstimator):
    """:func:`rawabit.normalize` as a step of a pipeline.

    Parameters
    ----------
    profile : str
        As for :class:`rawabit.Normalizer`.
    switches : dict, optional
        Switches of the profile to change, as keywords of :class:`rawabit.Normalizer`.

    Examples
    --------
    >>> from rawabit.sklearn import TextNormalizer
    >>> TextNormalizer().fit_transform(["القَاعِدَةُ"])
    ['القاعده']
    """

    def __init__(self, profile: str = "search", switches: dict[str, bool | str] | None = None) -> None:
        self.profile = profile
        self.switches = switches

    def fit(self, X: Any, y: Any = None) -> TextNormalizer:
        """Check the profile; nothing is learned from the texts."""
        self.normalizer_ = _native.Normalizer(self.profile, **(self.switches or {}))
        return self

    def transform(self, X: Any) -> Any:
        """The normalized texts, in the kind of column that came in."""
        check_is_fitted(self)
        return self.normalizer_(_column(X))

    def get_feature_names_out(self, input_features: Iterable[str] | None = None) -> Any:
        """The name of the column that came in."""
        names = ["text"] if input_features is None else list(input_features)
        return np.asarray(names, dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "normalizer_")

    def __sklearn_tags__(self) -> Any:
        return _text_tags(super().__sklearn_tags__())


class Tokenizer:
    """A picklable ``tokenizer=`` or ``analyzer=`` for ``CountVectorizer`` and ``TfidfVectorizer``.

    Parameters
    ----------
    form : {"norm", "stem", "text"}
        The folded word, the folded word without its clitics («وللقاعدة» → «القاعده»), or the word as it stands.
    kinds : sequence of str
        Which kinds of tokens: word, foreign, number, punct, link.

    Examples
    --------
    >>> from rawabit.sklearn import Tokenizer
    >>> Tokenizer("stem")("وقال إن القاعدة هاجمت")
    ['قال', 'ان', 'القاعده', 'هاجمت']
    """

    def __init__(
        self,
        form: Literal["norm", "stem", "text"] = "norm",
        kinds: Sequence[str] = ("word", "foreign", "number"),
    ) -> None:
        if form not in ("norm", "stem", "text"):
            raise ValueError(f"form={form!r}: expected one of norm, stem, text")
        self.form, self.kinds = form, tuple(kinds)

    def __call__(self, text: str) -> list[str]:
        table = _native.tokens(text)
        pairs = zip(table[self.form], table["kind"], strict=True)
        return [word for word, kind in pairs if kind in self.kinds]


class _RecordVectorizer(TransformerMixin, BaseEstimator):
    """Counts of records by a name, one column for each name that the training texts have."""

    min_df: int
    binary: bool

    def _counts(self, X: Any) -> list[Counter[str]]:
        raise NotImplementedError

    def fit(self, X: Any, y: Any = None) -> Any:
        """Learn which names there are."""
        self._learn(self._counts(_column(X)))
        return self

    def fit_transform(self, X: Any, y: Any = None, **_: Any) -> Any:
        """Learn the names and give the counts, reading the texts once."""
        counts = self._counts(_column(X))
        self._learn(counts)
        return self._matrix(counts)

    def transform(self, X: Any) -> Any:
        """A sparse matrix, texts × names; names that training did not have are left out."""
        check_is_fitted(self)
        return self._matrix(self._counts(_column(X)))

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """The names, in the order of the columns."""
        check_is_fitted(self)
        return np.asarray(sorted(self.vocabulary_), dtype=object)

    def _learn(self, counts: list[Counter[str]]) -> None:
        documents = Counter(name for counter in counts for name in counter)
        names = sorted(name for name, n in documents.items() if n >= self.min_df)
        self.vocabulary_ = {name: column for column, name in enumerate(names)}

    def _matrix(self, counts: list[Counter[str]]) -> Any:
        rows, columns, values = [], [], []
        for row, counter in enumerate(counts):
            for name, value in counter.items():
                if name in self.vocabulary_:
                    rows.append(row)
                    columns.append(self.vocabulary_[name])
                    values.append(1.0 if self.binary else float(value))
        shape = (len(counts), len(self.vocabulary_))
        return csr_matrix((values, (rows, columns)), shape=shape, dtype=np.float64)

    def __sklearn_tags__(self) -> Any:
        return _text_tags(super().__sklearn_tags__())


def _text_tags(tags: Any) -> Any:
    """Texts come in, one dimension of strings."""
    tags.input_tags.two_d_array = False
    tags.input_tags.one_d_array = True
    tags.input_tags.string = True
    tags.no_validation = True
    return tags


def _by_row(x: Any, function: Any, **options: Any) -> tuple[int, Any]:
    texts = list(x)
    return len(texts), function(texts, **options)


class EntityVectorizer(_RecordVectorizer):
    """How often a text names each entity, whatever it calls it.

    Parameters
    ----------
    labels : sequence of str
        Which labels to count.
    min_df : int
        Entities of fewer training texts are left out.
    binary : bool
        1 for a name that occurs, however often.
    lexicon, model
        As for :func:`rawabit.entities`.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Canonical names and their columns.
    """

    def __init__(
        self,
        labels: Sequence[str] = ("PER", "ORG", "LOC"),
        min_df: int = 1,
        binary: bool = False,
        lexicon: Any = None,
        model: Any = None,
    ) -> None:
        self.labels = labels
        self.min_df = min_df
        self.binary = binary
        self.lexicon = lexicon
        self.model = model

    def _counts(self, X: Any) -> list[Counter[str]]:
        n, table = _by_row(X, _native.entities, lexicon=self.lexicon, model=self.model)
        counts: list[Counter[str]] = [Counter() for _ in range(n)]
        for doc, label, name in zip(table["doc"], table["label"], table["entity"], strict=True):
            if label in self.labels:
                counts[doc][name] += 1
        return counts


class RelationVectorizer(_RecordVectorizer):
    """What a text claims: its relations by family, and by actors if wanted.

    Parameters
    ----------
    actors : bool
        Names are «source FAMILY target» instead of the family alone.
    value : {"count", "confidence", "score"}
        What is added up for each mention.
    certain : bool
        Only what the text asserts: no hedged and no negated claims.
    min_df, binary, lexicon, model
        As for :class:`EntityVectorizer`.
    """

    def __init__(
        self,
        actors: bool = False,
        value: Literal["count", "confidence", "score"] = "count",
        certain: bool = False,
        min_df: int = 1,
        binary: bool = False,
        lexicon: Any = None,
        model: Any = None,
    ) -> None:
        self.actors = actors
        self.value = value
        self.certain = certain
        self.min_df = min_df
        self.binary = binary
        self.lexicon = lexicon
        self.model = model

    def _counts(self, X: Any) -> list[Counter[str]]:
        if self.value not in ("count", "confidence", "score"):
            raise ValueError(f"value={self.value!r}: expected one of count, confidence, score")
        n, table = _by_row(X, _native.relations, lexicon=self.lexicon, model=self.model)
        counts: list[Counter[str]] = [Counter() for _ in range(n)]
        for row in table:
            if self.certain and (row["negated"] or row["factuality"] != "certain"):
                continue
            name = row["family"]
            if self.actors:
                name = f"{row['source_entity']} {name} {row['target_entity']}"
            counts[row["doc"]][name] += 1 if self.value == "count" else row[self.value]
        return counts

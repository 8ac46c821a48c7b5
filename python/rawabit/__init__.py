"""Entities and relations from Arabic text: who is in the news, and who stands how to whom.

>>> import rawabit as rw
>>> analysis = rw.analyze(["بايعت بوكو حرام تنظيم داعش في عام 2015."])
>>> analysis.entities, analysis.relations, analysis.pairs  # doctest: +SKIP
"""

from rawabit._native import (
    Aligned,
    AlignedTexts,
    DataError,
    Lexicon,
    Normalizer,
    PairStatistics,
    RawabitError,
    Table,
    Tagger,
    TextError,
    __version__,
    associations,
    entities,
    normalize,
    relations,
    romanize,
    score_pairs,
    sentences,
    tokens,
    transliterate,
)
from rawabit.corpus import analyze
from rawabit.explain import explain
from rawabit.frames import register

register()
del register

__all__ = [
    "Aligned",
    "AlignedTexts",
    "DataError",
    "Lexicon",
    "Normalizer",
    "PairStatistics",
    "RawabitError",
    "Table",
    "Tagger",
    "TextError",
    "__version__",
    "analyze",
    "associations",
    "entities",
    "explain",
    "normalize",
    "relations",
    "romanize",
    "score_pairs",
    "sentences",
    "tokens",
    "transliterate",
]

"""The result of :func:`rawabit.analyze`: all tables of a corpus, and what makes them visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rawabit import exports
from rawabit.highlight import Html

if TYPE_CHECKING:
    from rawabit import Lexicon, Table, Tagger
    from rawabit.explain import Explanation

#: The tables of an analysis, in the order in which they are made.
TABLES = ("documents", "sentences", "entities", "mentions", "relations", "pairs")

#: Formats that :meth:`Analysis.write` knows.
FORMATS = ("parquet", "csv", "jsonl")


class Analysis:
    """Everything that was found in a column of texts.

    Attributes
    ----------
    documents : Table
        One row for each text: ``doc``, its ``name`` and ``date`` where they were given, and counts.
    sentences, entities, mentions, relations : Table
        As the functions of these names return them.
    pairs : Table
        ``score_pairs(relations)``; computed when it is first asked for.

    Examples
    --------
    >>> import rawabit as rw
    >>> a = rw.analyze(["اتهمت السعودية إيران بدعم الحوثيين."])
    >>> "ACCUSE" in a.relations["family"]
    True
    """

    def __init__(
        self,
        texts: Sequence[str | None],
        tables: Mapping[str, Table],
        *,
        lexicon: Lexicon | None = None,
        model: Tagger | None = None,
        given: Table | None = None,
    ) -> None:
        self._texts = texts
        self._tables = dict(tables)
        #: What the texts were read with; ``given`` by row number.
        self._lexicon, self._model, self._given = lexicon, model, given

    @property
    def documents(self) -> Table:
        return self._tables["documents"]

    @property
    def sentences(self) -> Table:
        return self._tables["sentences"]

    @property
    def entities(self) -> Table:
        return self._tables["entities"]

    @property
    def mentions(self) -> Table:
        return self._tables["mentions"]

    @property
    def relations(self) -> Table:
        return self._tables["relations"]

    @cached_property
    def pairs(self) -> Table:
        from rawabit import score_pairs

        pairs: Table = score_pairs(self.relations)
        return pairs

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(getattr(self, name)):,} {name}" for name in TABLES[:-1])
        return f"<Analysis: {counts}>"

    def _repr_html_(self) -> str:
        return (
            self.show(next(iter(self.documents["doc"]), None))
            if len(self.documents) == 1
            else f"<p>{repr(self)[1:-1]}</p>"
        )

    # What a person sees.

    def show(self, doc: Any = 0) -> Html:
        """One document with its entities highlighted and its relations under each sentence, for a notebook.

        Parameters
        ----------
        doc
            A value of the ``doc`` column: the row number, or the label of the Series' index.

        Raises
        ------
        KeyError
            If there is no such document.
        """
        from rawabit.report import one_document

        text = self._text_of().get(doc)
        if text is None and doc not in self.documents["doc"]:
            raise KeyError(f"no document {doc!r}")
        tables = (self.sentences, self.entities, self.relations)
        return one_document(text or "", *([row for row in table if row["doc"] == doc] for table in tables))

    def explain(self, relation: Mapping[str, Any] | int) -> Explanation:
        """What a relation rests on, with the weights of the model: see :func:`rawabit.explain`.

        Parameters
        ----------
        relation
            A row of ``relations``, or its number.

        Raises
        ------
        KeyError
            If its document is not of this analysis.
        """
        from rawabit.explain import explain

        row = self.relations[relation] if isinstance(relation, int) else relation
        number = next((i for i, doc in enumerate(self.documents["doc"]) if doc == row["doc"]), None)
        if number is None:
            raise KeyError(f"no document {row['doc']!r}")
        return explain(
            row,
            self._texts[number],
            lexicon=self._lexicon,
            model=self._model,
            entities=self._given_of(number),
        )

    def _given_of(self, number: int) -> Table | None:
        """The names that another tagger gave for the text ``number``, as those of a text 0."""
        from rawabit import Table

        if self._given is None:
            return None
        columns = self._given.to_dict()
        rows = [row for row, doc in enumerate(columns["doc"]) if doc == number]
        kept = {name: [values[row] for row in rows] for name, values in columns.items()}
        return Table(kept | {"doc": [0] * len(rows)})

    def report(self, path: str | Path | None = None, *, title: str = "Who stands how to whom") -> Html | None:
        """The whole analysis as one HTML file that needs nothing else.

        Parameters
        ----------
        path
            Where to write it; without it the HTML is returned.
        """
        from rawabit import __version__, score_pairs
        from rawabit.report import page

        html = page(
            documents=self.documents.to_dicts(),
            sentences=self.sentences.to_dicts(),
            entities=self.entities.to_dicts(),
            relations=self.relations.to_dicts(),
            pairs=score_pairs(self.relations, directed=False).to_dicts(),
            texts=self._text_of(),
            version=__version__,
            title=title,
        )
        if path is None:
            return html
        Path(path).write_text(html, encoding="utf-8")
        return None

    def network(self) -> Any:
        """The pairs as a ``networkx.DiGraph``: see :func:`rawabit.network.graph`."""
        from rawabit.network import graph

        labels = {row["entity"]: row["label"] for row in self.entities}
        english = {row["entity"]: row["english"] for row in self.entities if row["english"]}
        return graph(self.pairs, labels, english)

    def _text_of(self) -> dict[Any, str]:
        pairs = zip(self.documents["doc"], self._texts, strict=True)
        return {doc: text for doc, text in pairs if text is not None}

    # What other programs read.

    def write(self, folder: str | Path, format: str = "parquet") -> list[Path]:
        """Write all tables into a folder, one file each.

        Parameters
        ----------
        folder
            Made if it does not exist.
        format
            ``parquet`` (needs pyarrow), ``csv`` (with the mark that tells Excel that it is UTF-8) or ``jsonl``.

        Returns
        -------
        list of pathlib.Path
            The files.

        Raises
        ------
        ValueError
            If there is no such format.
        ImportError
            If the format needs a package that is not installed.
        """
        from rawabit.files import write_table

        if format not in FORMATS:
            raise ValueError(f"format={format!r}: expected one of {', '.join(FORMATS)}")
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return [write_table(getattr(self, name), folder / f"{name}.{format}") for name in TABLES]

    def to_polecat(self, **options: Any) -> Table:
        """The certain relations as rows of the POLECAT event data: see :func:`rawabit.exports.events` for the options."""
        return _table(exports.polecat(self.relations, **self._context(), **options))

    def to_gdelt(self, **options: Any) -> tuple[Table, Table]:
        """The certain relations as the two GDELT 2.0 tables, events and mentions; options as for :func:`rawabit.exports.events`."""
        events, mentions = exports.gdelt(self.relations, **self._context(), **options)
        return _table(events), _table(mentions)

    def to_plover_jsonl(self, path: str | Path | None = None, **options: Any) -> str | None:
        """The certain relations as PLOVER JSON Lines; options as for :func:`rawabit.exports.events`."""
        return exports.plover_jsonl(self.relations, path, **self._context(), **options)

    def _context(self) -> dict[str, Any]:
        return {"documents": self.documents, "entities": self.entities}


def _table(columns: Mapping[str, list[Any]]) -> Table:
    from rawabit import Table

    return Table(columns)

"""Groups and order of properties on pages, and labels of terms of other vocabularies, by ontology/display.ttl."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from kg.store.formats import Literal, read_turtle
from kg.vocab import BASE, PREFIXES, SHAPES

FILE = "display.ttl"
LAST = SHAPES + "OtherGroup"
"""Group of the properties that the file does not place."""
SH, LABEL = PREFIXES["sh"], PREFIXES["skos"] + "prefLabel"


class Position(NamedTuple):
    """Place of a property on a page: place of its group, IRI of the group, place there."""

    group_order: float
    group: str
    order: float


class Display:
    """Groups of properties, the position of each property, and labels of foreign terms, by language (zh, en)."""

    def __init__(self, turtle: str = "") -> None:
        """Read the content of the file; without it every property is in the last group."""
        found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for subject, name, value in read_turtle(turtle):
            found[str(subject)][name].append(value)
        described = {key.strip("<>"): statements for key, statements in found.items()}
        self._labels: Mapping[str, Mapping[str, str]] = {
            iri: {term.language or "": term.value for term in statements[LABEL] if isinstance(term, Literal)}
            for iri, statements in described.items()
            if LABEL in statements
        }
        self.last = Position(float("inf"), LAST, 0)
        self._positions = {
            statements[SH + "path"][0].value: _position(statements, described)
            for statements in list(described.values())
            if SH + "path" in statements
        }

    def title(self, group: str, language: str) -> str:
        """Return the title of a group in a language, its IRI if it has none."""
        return self.label(group, language) or group

    def label(self, iri: str, language: str) -> str:
        """Return the label of a term of another vocabulary, empty if it has none here."""
        return self._labels.get(iri, {}).get(language, "")

    def position(self, iri: str) -> Position:
        """Return the position of a property."""
        return self._positions.get(iri, self.last)

    @property
    def foreign(self) -> list[str]:
        """The terms of other vocabularies that have a label here, in the order of the file."""
        return [iri for iri in self._labels if not iri.startswith(BASE)]

    @property
    def placed(self) -> frozenset[str]:
        """The properties that have a position."""
        return frozenset(self._positions)


def _position(statements: Mapping[str, list[Any]], described: Mapping[str, Mapping[str, list[Any]]]) -> Position:
    group = statements[SH + "group"][0].value
    return Position(_number(described[group]), group, _number(statements))


def _number(statements: Mapping[str, list[Any]]) -> float:
    return float(statements[SH + "order"][0].value)

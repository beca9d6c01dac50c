"""SHACL shapes for display: targets, constraints in words, messages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.store.formats import BlankNode, Literal, NamedNode, Term
from kg.vocab import PREFIXES, SHAPES
from web.http.language import lazy_gettext as _

SH, RDF = PREFIXES["sh"], PREFIXES["rdf"]
TARGETS = {
    "targetClass": _("every instance of the class"),
    "targetSubjectsOf": _("everything that has the property"),
    "targetObjectsOf": _("everything to which the property points"),
    "targetNode": _("the thing itself"),
}
SIMPLE = {
    "class": _("each value is of the class"),
    "datatype": _("each value is a literal of the datatype"),
    "nodeKind": _("each value is of the kind"),
    "hasValue": _("one value is"),
    "pattern": _("each value fits the pattern"),
    "minLength": _("shortest length in characters"),
    "minInclusive": _("each value is at least"),
    "maxInclusive": _("each value is at most"),
    "lessThanOrEquals": _("no value is after that of"),
    "disjoint": _("no value is also one of"),
    "uniqueLang": _("at most one value in each language"),
    "languageIn": _("each value is in one of the languages"),
    "in": _("each value is one of"),
}
"""Constraint to its description, which its value follows."""
LOGICAL = {
    "or": _("at least one of these holds"),
    "xone": _("exactly one of these holds"),
    "not": _("this does not hold"),
}
PATHS = {"inversePath": "^", "zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
Statement = tuple[Term, str, Term]
"""Subject, IRI of the property, value."""
Statements = Mapping[str, list[Term]]
"""Local name of a SHACL property to its values."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint: description, its number, terms that follow, nested rules."""

    words: object
    number: int | None = None
    terms: tuple[Term, ...] = ()
    parts: tuple["Rule", ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Constraints of a node or of the values of a path.

    path: properties and path operators; severity: local name in SHACL, such as `Warning`; messages: by language;
    query: SPARQL of a constraint, empty if there is none.
    """

    path: tuple[Term | str, ...]
    constraints: tuple[Constraint, ...]
    properties: tuple["Rule", ...]
    severity: str
    messages: Mapping[str, str]
    query: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape: key, file, targets (description, terms) and rule."""

    key: str
    file: str
    targets: tuple[tuple[object, tuple[Term, ...]], ...]
    rule: Rule

    @property
    def names(self) -> frozenset[str]:
        """The IRIs of its target classes and properties, and of the paths of its rules."""
        terms = [term for _, found in self.targets for term in found]
        terms += [piece for rule in self.rule.properties for piece in rule.path if not isinstance(piece, str)]
        return frozenset(str(term.value) for term in terms)

    @property
    def severities(self) -> tuple[str, ...]:
        """The severities of its messages, worst first."""
        found = {rule.severity for rule in (self.rule, *self.rule.properties) if rule.messages}
        return tuple(name for name in ("Violation", "Warning", "Info") if name in found)


def shapes(triples: Iterable[Statement], keys: Iterable[str], file: str) -> list[Shape]:
    """Return the shapes of a file by key.

    Args:
        triples: all triples of the file.
        keys: local names of its shapes.
        file: its name.
    """
    reader = _Reader(triples)
    return [reader.shape(key, file) for key in keys]


class _Reader:
    """The triples of a shapes file by subject."""

    def __init__(self, triples: Iterable[Statement]) -> None:
        self._by_subject: dict[Term, dict[str, list[Term]]] = {}
        for subject, property_iri, found in triples:
            name = property_iri.removeprefix(SH).removeprefix(RDF)
            self._by_subject.setdefault(subject, {}).setdefault(name, []).append(found)

    def shape(self, key: str, file: str) -> Shape:
        node = NamedNode(SHAPES + key)
        statements = self._of(node)
        targets = tuple((words, _ordered(statements[name])) for name, words in TARGETS.items() if name in statements)
        return Shape(key, file, targets, self._rule(node, "Violation"))

    def _of(self, node: Term) -> Statements:
        return self._by_subject.get(node, {})

    def _rule(self, node: Term, severity: str) -> Rule:
        statements = self._of(node)
        own = str(statements["severity"][0].value).removeprefix(SH) if "severity" in statements else severity
        texts = [found for found in statements.get("message", ()) if isinstance(found, Literal)]
        queries = [self._of(found)["select"][0].value for found in statements.get("sparql", ())]
        rules = [self._rule(found, own) for found in statements.get("property", ())]
        return Rule(
            path=tuple(self._path(statements["path"][0])) if "path" in statements else (),
            constraints=tuple(self._constraints(statements)),
            properties=tuple(sorted(rules, key=lambda rule: str(rule.path))),
            severity=own,
            messages={found.language or "": found.value for found in texts},
            query="\n".join(queries),
        )

    def _constraints(self, statements: Statements) -> Iterator[Constraint]:
        yield from _counts(statements, "minCount", "maxCount")
        for name, words in SIMPLE.items():
            for found in statements.get(name, ()):
                if name == "uniqueLang":
                    yield Constraint(words)
                else:
                    yield Constraint(words, terms=tuple(self._list(found)) or (found,))
        if "qualifiedValueShape" in statements:
            part = self._rule(statements["qualifiedValueShape"][0], "")
            for counted in _counts(statements, "qualifiedMinCount", "qualifiedMaxCount"):
                yield Constraint(counted.words, counted.number, parts=(part,))
        for name, words in LOGICAL.items():
            for found in statements.get(name, ()):
                listed = list(self._list(found)) or [found]
                yield Constraint(words, parts=tuple(self._rule(one, "") for one in listed))

    def _path(self, node: Term) -> Iterator[Term | str]:
        """Yield the parts of a path: properties and SPARQL path operators."""
        if not isinstance(node, BlankNode):
            yield node
            return
        statements = self._of(node)
        if "first" in statements:
            yield from self._between(self._list(node), "/")
        for found in statements.get("alternativePath", ()):
            yield "("
            yield from self._between(self._list(found), "|")
            yield ")"
        for name, sign in PATHS.items():
            for found in statements.get(name, ()):
                if name == "inversePath":
                    yield sign
                yield from self._path(found)
                if name != "inversePath":
                    yield sign

    def _between(self, nodes: Iterable[Term], sign: str) -> Iterator[Term | str]:
        for number, found in enumerate(nodes):
            if number:
                yield sign
            yield from self._path(found)

    def _list(self, node: Term) -> Iterator[Term]:
        """Yield the members of an RDF list, nothing for other nodes."""
        while "first" in (statements := self._of(node)):
            yield statements["first"][0]
            node = statements["rest"][0]


def _counts(statements: Statements, minimum: str, maximum: str) -> Iterator[Constraint]:
    low, high = (int(str(statements[name][0].value)) if name in statements else None for name in (minimum, maximum))
    if high == 0:
        yield Constraint(_("no value"))
    elif low is not None and low == high:
        yield Constraint(_("number of values, exactly"), low)
    else:
        if low is not None:
            yield Constraint(_("number of values, at least"), low)
        if high is not None:
            yield Constraint(_("number of values, at most"), high)


def _ordered(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=str))

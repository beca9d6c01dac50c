"""Findings as triples: a node for a finding, and one for its state on a date with members, factors and sentences."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding, Subtraction
from kg.analysis.findings.organisation_designations import OrganisationDesignation, topic_key
from kg.analysis.findings.sentences import sentences
from kg.analysis.findings.titles import group_title, title
from kg.analysis.labels import Labels
from kg.release.columns import Columns
from kg.vocab import TYPE, Node, Triple, concept, term, text, thing, typed

GROUP: Mapping[str, tuple[str, str]] = {
    "place": ("gp:meetsAt", "place"),
    "purpose_group": ("gp:sharesPurpose", "scheme/purpose"),
    "ministry": ("gp:concernsMinistry", "authority"),
    "carrier": ("gp:meetsOn", "carrier"),
    "topic": ("gp:sharesTopic", "scheme/topic"),
    "programme": ("gp:concernsProgramme", "programme"),
    "region": ("gp:concernsRegion", "region"),
    "position": ("gp:sharesPosition", "scheme/position"),
    "unit": ("gp:countsIn", "scheme/counted-unit"),
}
"""Dimension of a finding's group to its property and the kind of thing, or concept scheme, of its value."""

FACTORS: Mapping[str, str] = {
    "units": "gp:unitCount",
    "observed": "gp:observed",
    "expected": "gp:expected",
    "probability": "gp:probability",
    "corrected": "gp:correctedProbability",
    "lift": "gp:lift",
    "surprise": "gp:surprise",
    "seriousness": "gp:seriousness",
    "likeness": "gp:likeness",
    "field_agreement": "gp:fieldAgreement",
    "certainty": "gp:certaintyFactor",
    "pairs": "gp:pairCount",
    "qualifying_pairs": "gp:qualifyingPairCount",
    "strands": "gp:strandCount",
    "programmes": "gp:programmeCount",
    "one_units": "gp:oneUnitCount",
    "other_units": "gp:otherUnitCount",
    "areas": "gp:areaCount",
    "apart": "gp:apartCount",
    "core": "gp:coreLikeness",
    "core-raw": "gp:coreRawLikeness",
    "place": "gp:placeLikeness",
    "programme": "gp:programmeLikeness",
    "carrier": "gp:carrierLikeness",
    "date": "gp:dateLikeness",
    "field": "gp:fieldLikeness",
}
"""Factor to its property."""

_SIGNIFICANT_DIGITS = 6
"""Significant digits of a factor."""


def triples(
    columns: Columns, findings: Iterable[Finding], designations: Iterable[OrganisationDesignation] = ()
) -> Iterator[Triple]:
    """Yield the triples of findings, each once; the key of a state is made of finding and date.

    Possible findings are marked (`gp:hasCertainty`) and have no score.

    Args:
        columns: source of the labels.
        findings: of any kinds and dates.
        designations: organisation-borne designations whose topics are added, each once.
    """
    labels, seen, topics = Labels(columns), set[str](), set[str]()
    subtracted: dict[Subtraction, None] = {}
    for finding in sorted(findings, key=lambda found: (found.key, found.as_of)):
        if finding.key not in seen:
            seen.add(finding.key)
            yield from _finding(finding, labels)
        yield from _state(finding, labels)
        subtracted |= dict.fromkeys(finding.subtracted)
        topics |= {finding.group["topic"]} if "topic" in finding.group else set()
    for pair in sorted(subtracted):
        yield from _subtraction(pair)
    for designation in designations:
        for phrase in sorted(designation.topic.phrases):
            topics.add(phrase)
            yield thing("designation", designation.designation), term("gp:hasTopic"), _node("scheme/topic", phrase)
    for topic in sorted(topics):
        node = _node("scheme/topic", topic)
        yield node, TYPE, term("gp:Topic")
        yield node, term("skos:prefLabel"), text(topic, "zh")


def _finding(finding: Finding, labels: Labels) -> Iterator[Triple]:
    node = thing("finding", finding.key)
    yield node, TYPE, term(f"gp:{find.KINDS[finding.kind].term}")
    yield from _words(node, "skos:prefLabel", group_title(finding, labels))
    for name, keys in finding.group.items():
        if name in GROUP:
            relation, kind = GROUP[name]
            for key in keys.split(";"):
                yield node, term(relation), _node(kind, key)


def _state(finding: Finding, labels: Labels) -> Iterator[Triple]:
    node, state = thing("finding", finding.key), thing("finding", f"{finding.key}/{finding.as_of}")
    chinese, english = title(finding, labels)
    yield node, term("gp:hasState"), state
    yield state, TYPE, term("gp:FindingState")
    yield from _words(state, "skos:prefLabel", (f"{chinese}（{finding.as_of}）", f"{english} ({finding.as_of})"))
    yield from _words(state, "gp:statement", sentences(finding, labels))
    yield state, term("gp:asOf"), typed(finding.as_of, "date")
    for relation, kind, keys in (
        ("gp:hasMember", find.KINDS[finding.kind].members, finding.members),
        ("gp:involvesProgramme", "programme", finding.programmes),
        ("gp:involvesMinistry", "authority", finding.ministries),
        ("gp:measuresProgramme", "programme", finding.strand),
        ("gp:hasMark", "scheme/mark", finding.marks),
    ):
        for key in keys:
            yield state, term(relation), _node(kind, key)
    for pair in finding.subtracted:
        yield state, term("gp:setsAside"), _subtraction_node(pair)
    yield state, term("gp:hasCertainty"), concept("certainty", finding.certainty)
    yield state, term("gp:restsOnInferred"), typed(finding.rests_on_inferred, "boolean")
    if finding.strength:
        yield state, term("gp:hasStrength"), concept("strength", finding.strength)
    for lack in finding.lacks:
        yield state, term("gp:lacksEvidence"), concept("lack", lack)
    if finding.ranked:
        yield state, term("gp:score"), _decimal(finding.score)
    for name, relation in FACTORS.items():
        if name in finding.factors:
            yield state, term(relation), _number(relation, finding.factors[name])
    if finding.listed_under:
        yield state, term("gp:isListedUnder"), thing("finding", f"{finding.listed_under}/{finding.as_of}")
    yield state, term("gp:evidenceHash"), text(finding.evidence_hash)


def _subtraction(pair: Subtraction) -> Iterator[Triple]:
    node = _subtraction_node(pair)
    yield node, TYPE, term("gp:Subtraction")
    yield node, term("gp:subtractsDesignation"), thing("designation", pair.subject)
    yield node, term("gp:subtractsFromDesignation"), thing("designation", pair.object)
    yield node, term("gp:relationKind"), concept("relation", pair.relation)
    yield node, term("gp:relationStatedFor"), concept("stated-for", pair.basis)


def _subtraction_node(pair: Subtraction) -> Node:
    return thing("subtraction", f"{pair.subject}/{pair.relation}/{pair.object}/{pair.basis}")


def _node(kind: str, key: str) -> Node:
    """Return the IRI of a thing, or of a concept where the kind is `scheme/…`; topics are keyed by their text."""
    key = topic_key(key) if kind == "scheme/topic" else key
    return concept(kind.removeprefix("scheme/"), key) if kind.startswith("scheme/") else thing(kind, key)


def _words(node: Node, relation: str, words: tuple[str, str]) -> Iterator[Triple]:
    yield node, term(relation), text(words[0], "zh")
    yield node, term(relation), text(words[1], "en")


def _number(relation: str, value: float) -> str:
    """Write a factor: a count as a whole number, any other as a decimal."""
    if relation.endswith("Count"):
        return typed(int(value), "integer")
    return _decimal(value)


def _decimal(value: float) -> str:
    """Return a number with `_SIGNIFICANT_DIGITS`, without an exponent, which xsd:decimal does not allow."""
    rounded = Decimal(f"{value:.{_SIGNIFICANT_DIGITS}g}")
    return typed(f"{rounded:f}", "decimal")

"""Findings as triples: a finding by its key, and its state on a date with members, factors and score."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from kg.findings import engine
from kg.findings.finding import Finding
from kg.vocab import TYPE, Triple, concept, term, text, thing, typed

_PLACES = Decimal("0.000001")


def triples(findings: Iterable[Finding]) -> Iterator[Triple]:
    """Yield the triples of findings; the state of a finding on a date has the key of the finding and the date.

    What is only possible is not said in RDF: there, nobody would see that it is not known.
    """
    for finding in findings:
        if not finding.ranked:
            continue
        node, state = thing("finding", finding.key), thing("finding", f"{finding.key}/{finding.as_of}")
        yield node, TYPE, term(f"gp:{engine.KINDS[finding.kind].term}")
        if "place" in finding.group:
            yield node, term("gp:meetsAt"), thing("place", finding.group["place"])
        if "purpose_group" in finding.group:
            yield node, term("gp:sharesPurpose"), concept("purpose", finding.group["purpose_group"])
        yield node, term("gp:hasState"), state
        yield state, TYPE, term("gp:FindingState")
        yield state, term("gp:asOf"), typed(finding.as_of, "date")
        for member in finding.members:
            yield state, term("gp:hasMember"), thing("designation", member)
        yield state, term("gp:score"), _decimal(finding.score)
        for name in ("observed", "expected"):
            if name in finding.factors:
                yield state, term(f"gp:{name}"), _decimal(finding.factors[name])
        yield state, term("gp:evidenceHash"), text(finding.evidence_hash)


def _decimal(value: float) -> str:
    return typed(f"{Decimal(value).quantize(_PLACES):f}", "decimal")

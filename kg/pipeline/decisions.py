"""What people decided, as triples: the verdict with its reason, who and when, and the evidence on which it rests."""

from collections.abc import Iterator

from kg.pipeline import mapping
from kg.tables import Package
from kg.vocab import Triple, concept, term, text, thing


def decisions(package: Package) -> Iterator[Triple]:
    """Say the decisions; contradicting ones stand side by side."""
    for row in package.rows("decisions"):
        node = thing("decision", row["id"])
        subject = row["finding"] or f"{row['one_id']} · {row['other_id']}"
        yield from mapping.kind(node, "gp:Decision")
        yield from mapping.names(node, f"裁定：{subject}", f"Decision: {subject}")
        if row["finding"]:
            yield node, term("gp:decidesOn"), thing("finding", row["finding"])
        for entry in filter(None, (row["one_id"], row["other_id"])):
            kind, _, key = entry.partition("/")
            yield node, term("gp:comparesThing"), thing(kind, key)
        yield node, term("gp:hasVerdict"), concept("decision-verdict", row["verdict"])
        yield node, term("gp:reason"), text(row["reason"])
        yield node, term("gp:deciderName"), text(row["decided_by"])
        yield from mapping.dated(node, row["decided_on"], "decided")
        yield node, term("gp:evidenceHash"), text(row["evidence_hash"])

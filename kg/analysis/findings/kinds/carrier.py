"""Carrier overlaps: one carrier with designations of two ministries on one topic, or of look-alike programmes."""

from datetime import date

from kg.analysis import weights
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.kinds.thematic import on_carriers
from kg.analysis.findings.kinds.thematic_pairs import Group, Spread, finding, meeting
from kg.analysis.findings.organisation_designations import (
    DesignRelations,
    by_carrier,
    organisation_designations,
    topic_key,
)
from kg.analysis.findings.scoring import ScoringContext
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

KIND = "carrier"


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the carrier overlaps on a date; several designations of a carrier alone are none.

    Look-alike programmes (data/look_alikes.csv) on one carrier are a separate finding, with unknown agreement of
    fields, unless their designations already share a topic there.
    """
    known = weights.weights(columns)
    answers = ministries(columns, as_of)
    context = ScoringContext(columns, as_of, answers, known)
    by_design = DesignRelations(columns, known)
    designations = organisation_designations(columns, as_of, answers)
    spread = Spread(designations, "carriers")
    cap = known["surprise.cap"]
    found: list[Finding] = []
    reported: set[tuple[str, tuple[str, str]]] = set()
    for carrier, topic, met in on_carriers(context, by_design, designations):
        reported |= {(carrier, pair) for pair in met.overlaps}
        chance = spread.chance(met.programmes, topic, cap)
        group = Group(KIND, f"{KIND}/{carrier}/{topic_key(topic)}", {"carrier": carrier, "topic": topic})
        found.append(finding(context, met, group, chance))
    for carrier, those in by_carrier(designations):
        programmes_there = {designation.programme for designation in those}
        for pair in sorted(by_design.look_alikes):
            if not programmes_there.issuperset(pair) or (carrier, pair) in reported:
                continue
            pair_there = [designation for designation in those if designation.programme in pair]
            if met_there := meeting(context, by_design, pair_there, topical=False):
                chance = spread.chance(pair, "", cap)
                made_of = {"carrier": carrier, "programme": ";".join(pair)}
                group = Group(KIND, f"{KIND}/{carrier}/{pair[0]}.{pair[1]}", made_of)
                found.append(finding(context, met_there, group, chance, field="unknown"))
    return found

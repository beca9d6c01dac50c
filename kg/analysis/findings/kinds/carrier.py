"""Carrier overlaps: one carrier bears designations of two ministries on one topic, or of programmes that look alike."""

from datetime import date

from kg.analysis import weights
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.kinds.thematic import on_carriers
from kg.analysis.findings.kinds.thematic_pairs import Group, Spread, finding, meeting
from kg.analysis.findings.organisation_designations import Explained, borne, by_carrier, topic_key
from kg.analysis.findings.scoring import Judge
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

KIND = "carrier"


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the carrier overlaps on a date; the plain profile of a carrier is none.

    Look-alike programmes (data/look_alikes.csv) on one carrier are a finding of their own where no topic already says
    that their designations meet; what they are about is then not known to agree.
    """
    known = weights.weights(columns)
    answers = ministries(columns, as_of)
    judge = Judge(columns, as_of, answers, known)
    explained = Explained(columns, known)
    designations = borne(columns, as_of, answers)
    spread = Spread(
        by_carrier(designations), len({carrier for designation in designations for carrier in designation.carriers})
    )
    cap = known["surprise.cap"]
    found: list[Finding] = []
    told: set[tuple[str, tuple[str, str]]] = set()
    for carrier, topic, met in on_carriers(judge, explained, designations):
        told |= {(carrier, pair) for pair in met.overlaps}
        chance = spread.chance(met.programmes, topic, cap)
        group = Group(KIND, f"{KIND}/{carrier}/{topic_key(topic)}", {"carrier": carrier, "topic": topic})
        found.append(finding(judge, met, group, chance))
    for carrier, those in by_carrier(designations):
        borne_there = {designation.programme for designation in those}
        for pair in sorted(explained.look_alikes):
            if not borne_there.issuperset(pair) or (carrier, pair) in told:
                continue
            if met_there := meeting(
                judge, explained, [designation for designation in those if designation.programme in pair]
            ):
                chance = spread.chance(pair, "", cap)
                made_of = {"carrier": carrier, "programme": ";".join(pair)}
                group = Group(KIND, f"{KIND}/{carrier}/{pair[0]}.{pair[1]}", made_of)
                found.append(finding(judge, met_there, group, chance, field="unknown"))
    return found

"""Thematic overlaps: organisation-borne designations of two ministries with a common topic in one place or carrier."""

from collections.abc import Iterable, Iterator
from datetime import date

from kg.analysis import weights
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.kinds.thematic_pairs import Group, Meeting, Spread, finding, meeting
from kg.analysis.findings.organisation_designations import (
    DesignRelations,
    OrganisationDesignation,
    by_carrier,
    by_prefecture,
    organisation_designations,
    shared,
    sites,
    topic_key,
)
from kg.analysis.findings.scoring import ScoringContext
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

KIND = "thematic"


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the thematic overlaps on a date.

    A topic in a prefecture is one finding; on a carrier it is a separate one if its designations are not already
    together in a finding of a prefecture, because their places are unknown or differ.
    """
    known = weights.weights(columns)
    answers = ministries(columns, as_of)
    context = ScoringContext(columns, as_of, answers, known)
    by_design = DesignRelations(columns, known)
    designations = organisation_designations(columns, as_of, answers)
    prefectures = int(columns.query("SELECT count(*) FROM places WHERE place = prefecture", {})[0][0])
    near = Spread(designations, "prefectures", prefectures)
    on_one = Spread(designations, "carriers")
    cap = known["surprise.cap"]
    found: list[Finding] = []
    together: dict[str, list[set[str]]] = {}
    for place, those in by_prefecture(designations):
        for topic, met in meetings(context, by_design, shared(those)):
            chance = near.chance(met.programmes, topic, cap)
            group = Group(KIND, f"{KIND}/{topic_key(topic)}/{place}", {"topic": topic, "place": place})
            found.append(finding(context, met, group, chance))
            together.setdefault(topic, []).append(set(met.keys))
    for carrier, topic, met in on_carriers(context, by_design, designations):
        if not any(set(met.keys) <= members for members in together.get(topic, ())):
            chance = on_one.chance(met.programmes, topic, cap)
            group = Group(KIND, f"{KIND}/{topic_key(topic)}/{carrier}", {"topic": topic, "carrier": carrier})
            found.append(finding(context, met, group, chance))
    return found


def on_carriers(
    context: ScoringContext, by_design: DesignRelations, designations: Iterable[OrganisationDesignation]
) -> Iterator[tuple[str, str, Meeting]]:
    """Yield carrier, topic and meeting for carriers with designations of two ministries on one topic.

    Designations of look-alike programmes (stations) at one site also count as one topic.
    """
    for carrier, those in by_carrier(designations):
        reported: list[set[str]] = []
        for topic, met in meetings(context, by_design, shared(those)):
            reported.append(set(met.keys))
            yield carrier, topic, met
        for site, there in sorted(sites(those).items()):
            met_there = meeting(context, by_design, there)
            if met_there is None or any(set(met_there.keys) <= members for members in reported):
                continue
            if all(pair in by_design.look_alikes for pair in met_there.overlaps):
                yield carrier, site, met_there


def meetings(
    context: ScoringContext, by_design: DesignRelations, topics: dict[str, list[OrganisationDesignation]]
) -> Iterator[tuple[str, Meeting]]:
    """Yield the topics of one scope with designations of several ministries; of nested topics, the widest."""
    chosen: set[str] = set()
    for topic in sorted(topics, key=lambda topic: (len(topic), topic)):
        if any(topic.startswith(wider) or topic.endswith(wider) for wider in chosen):
            continue
        if met := meeting(context, by_design, topics[topic]):
            chosen.add(topic)
            yield topic, met

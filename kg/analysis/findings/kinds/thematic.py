"""Thematic overlaps: organisation-borne designations of two ministries share a topic, and a carrier or a prefecture."""

from collections.abc import Iterable, Iterator
from datetime import date

from kg.analysis import weights
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.kinds.thematic_pairs import Group, Meeting, Spread, finding, meeting
from kg.analysis.findings.organisation_designations import (
    Borne,
    Explained,
    borne,
    by_carrier,
    by_prefecture,
    shared,
    sites,
    topic_key,
)
from kg.analysis.findings.scoring import Judge
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

KIND = "thematic"


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the thematic overlaps on a date.

    A topic in a prefecture is one finding; on a carrier it is one of its own where designations meet that no prefecture
    brings together, for their places are not known or lie apart.
    """
    known = weights.weights(columns)
    answers = ministries(columns, as_of)
    judge = Judge(columns, as_of, answers, known)
    explained = Explained(columns, known)
    designations = borne(columns, as_of, answers)
    prefectures = int(columns.query("SELECT count(*) FROM places WHERE place = prefecture", {})[0][0])
    near = Spread(by_prefecture(designations), prefectures)
    on_one = Spread(
        by_carrier(designations), len({carrier for designation in designations for carrier in designation.carriers})
    )
    cap = known["surprise.cap"]
    found: list[Finding] = []
    together: dict[str, list[set[str]]] = {}
    for place, those in by_prefecture(designations):
        for topic, met in meetings(judge, explained, shared(those)):
            chance = near.chance(met.programmes, topic, cap)
            group = Group(KIND, f"{KIND}/{topic_key(topic)}/{place}", {"topic": topic, "place": place})
            found.append(finding(judge, met, group, chance))
            together.setdefault(topic, []).append(set(met.keys))
    for carrier, topic, met in on_carriers(judge, explained, designations):
        if not any(set(met.keys) <= members for members in together.get(topic, ())):
            chance = on_one.chance(met.programmes, topic, cap)
            group = Group(KIND, f"{KIND}/{topic_key(topic)}/{carrier}", {"topic": topic, "carrier": carrier})
            found.append(finding(judge, met, group, chance))
    return found


def on_carriers(
    judge: Judge, explained: Explained, designations: Iterable[Borne]
) -> Iterator[tuple[str, str, Meeting]]:
    """Yield carrier, topic and meeting where a carrier bears designations of two ministries on one topic.

    Two designations of look-alike programmes (stations) at one site are on one topic, too, whatever else their names
    say.
    """
    for carrier, those in by_carrier(designations):
        told: list[set[str]] = []
        for topic, met in meetings(judge, explained, shared(those)):
            told.append(set(met.keys))
            yield carrier, topic, met
        for site, there in sorted(sites(those).items()):
            met_there = meeting(judge, explained, there)
            if met_there is None or any(set(met_there.keys) <= members for members in told):
                continue
            if all(pair in explained.look_alikes for pair in met_there.overlaps):
                yield carrier, site, met_there


def meetings(judge: Judge, explained: Explained, topics: dict[str, list[Borne]]) -> Iterator[tuple[str, Meeting]]:
    """Yield the topics of one scope on which ministries meet; of topics within one another, the widest."""
    raised: set[str] = set()
    for topic in sorted(topics, key=lambda topic: (len(topic), topic)):
        if any(topic.startswith(wider) or topic.endswith(wider) for wider in raised):
            continue
        if met := meeting(judge, explained, topics[topic]):
            raised.add(topic)
            yield topic, met

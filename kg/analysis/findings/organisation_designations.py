"""Organisation-borne designations in force on a date, with their topics, carriers and prefectures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from operator import attrgetter

from kg.analysis.findings.by_design import BY_DESIGN, related_pairs
from kg.analysis.findings.finding import Subtraction
from kg.analysis.findings.topics import MIN_SITE_CHARS, MIN_TOPIC_CHARS, Topic, lexicon
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import Answer
from kg.analysis.weights import Weights
from kg.release.columns import Columns
from kg.text.names import slug

STATION = "站"
"""Suffix of a site in the topic shared by stations there."""
MAX_TOPIC_CHARS = 12
"""Maximum length of a shared topic; longer phrases are complete names."""


@dataclass(frozen=True, slots=True)
class OrganisationDesignation:
    """An organisation-borne designation.

    designation, programme: keys; carriers, prefectures: keys of those known; topic: its own topic; topics, sites: all
    topics and sites that it may share with others.
    """

    designation: str
    programme: str
    carriers: tuple[str, ...]
    prefectures: tuple[str, ...]
    topic: Topic
    topics: frozenset[str]
    sites: frozenset[str]


def _topics(topic: Topic) -> frozenset[str]:
    """Return the prefixes and suffixes of the phrases, including themselves: the topics a designation may share."""
    return frozenset(
        part
        for phrase in topic.phrases
        for length in range(MIN_TOPIC_CHARS, min(len(phrase), MAX_TOPIC_CHARS) + 1)
        for part in (phrase[:length], phrase[-length:])
    )


def _sites(topic: Topic) -> frozenset[str]:
    """Return the prefixes of the names of sites, as topics: the sites a designation may share."""
    return frozenset(
        site[:length] + STATION for site in topic.sites for length in range(MIN_TOPIC_CHARS, len(site) + 1)
    )


def organisation_designations(
    columns: Columns, as_of: date, answers: Mapping[str, Answer]
) -> list[OrganisationDesignation]:
    """Return the organisation-borne designations in force on a date with a ministry and a stated purpose, by key."""
    known = columns.cached("organisation designations", lambda: _of_any_day(columns))
    rows = columns.query(
        f"SELECT designation, programme FROM designations WHERE bearer = 'organisation' AND {IN_FORCE} "  # noqa: S608
        "ORDER BY designation",
        {"as_of": as_of},
    )
    return [known[designation] for designation, programme in rows if programme in answers and designation in known]


def _of_any_day(columns: Columns) -> dict[str, OrganisationDesignation]:
    """Return the organisation-borne designations with a stated purpose, by key; no topic depends on the day."""
    words = lexicon(columns)
    fields, carriers, prefectures = (
        _many(columns.query(sql, {}))
        for sql in (
            "SELECT designation, text FROM designation_field_texts ORDER BY ALL",
            "SELECT designation, carrier FROM designation_carriers ORDER BY ALL",
            """SELECT DISTINCT designation, prefecture FROM designation_places JOIN places USING (place)
            WHERE prefecture <> '' ORDER BY ALL""",
        )
    )
    rows = columns.query(
        """SELECT designation, programme, name_zh FROM designations WHERE bearer = 'organisation'
        AND programme IN (SELECT programme FROM programme_purposes) ORDER BY designation"""
    )
    found = {}
    for designation, programme, name in rows:
        topic = words.topic(programme, name, fields.get(designation, ()))
        own = programme, carriers.get(designation, ()), prefectures.get(designation, ())
        found[designation] = OrganisationDesignation(designation, *own, topic, _topics(topic), _sites(topic))
    return found


def topic_key(topic: str) -> str:
    """Return the key of a topic: its pinyin, and a hash to distinguish homophones."""
    return f"{slug(topic)}-{sha256(topic.encode()).hexdigest()[:4]}"


def shared(designations: Iterable[OrganisationDesignation]) -> dict[str, list[OrganisationDesignation]]:
    """Return the topics shared by designations, each with its designations.

    A topic is a complete phrase of at least one designation, and prefix or suffix of a phrase of the others (水稻:
    杂交水稻).
    """
    chosen = list(designations)
    whole = {phrase for designation in chosen for phrase in designation.topic.phrases}
    found: dict[str, list[OrganisationDesignation]] = defaultdict(list)
    for designation in chosen:
        for topic in sorted(designation.topics & whole):
            found[topic].append(designation)
    return {topic: those for topic, those in found.items() if len(those) > 1}


def sites(designations: Iterable[OrganisationDesignation]) -> dict[str, list[OrganisationDesignation]]:
    """Return the sites shared by the names of designations, as topics (塞罕坝站), each with its designations.

    A site is a place in both names, or the common prefix of unknown words in both (塞罕坝森林, 塞罕坝人工林).
    """
    found: dict[str, dict[str, OrganisationDesignation]] = defaultdict(dict)
    words: dict[str, set[str]] = defaultdict(set)
    for designation in designations:
        for word in designation.topic.sites:
            beginning = word[:MIN_SITE_CHARS]
            words[beginning].add(word)
            found[beginning][designation.designation] = designation
    several = {beginning: list(those.values()) for beginning, those in found.items() if len(those) > 1}
    return {_beginning(words[beginning]) + STATION: those for beginning, those in several.items()}


def _beginning(words: Iterable[str]) -> str:
    first, *others = sorted(words)
    while not all(word.startswith(first) for word in others):
        first = first[:-1]
    return first


class DesignRelations:
    """Pairs of organisation-borne designations that are related by design.

    All relations of designations count; of programmes, only those with a weight under `explains.`.
    """

    def __init__(self, columns: Columns, known: Weights) -> None:
        stated = {f"subtracts.{relation}": 1.0 for relation in known.keys_with_prefix("explains.")}
        self._programmes = related_pairs(columns, Weights(stated))
        self._unexplained = related_pairs(columns, known).keys() - self._programmes.keys()
        self._designations = {
            (one, other): (relation, subject)
            for one, other, relation, subject in columns.query(
                f"WITH {BY_DESIGN} SELECT one, other, design.relation, design.subject FROM designations_by_design",  # noqa: S608
                {"subtracting": known.keys_with_prefix("subtracts.")},
            )
        }
        self.look_alikes = frozenset(
            (min(pair), max(pair)) for pair in columns.query("SELECT one, other FROM look_alikes ORDER BY ALL", {})
        )

    def programmes(self, one: str, other: str) -> bool:
        """Whether designations of two programmes are related by design."""
        return (min(one, other), max(one, other)) in self._programmes

    def unexplained(self, one: str, other: str) -> bool:
        """Whether a relation of two programmes, which explains nothing alone, may hold for two designations of them."""
        return (min(one, other), max(one, other)) in self._unexplained

    @cached_property
    def partners(self) -> Mapping[str, frozenset[str]]:
        """The designations related by design to each designation."""
        found: dict[str, set[str]] = defaultdict(set)
        for one, other in self._designations:
            found[one].add(other)
            found[other].add(one)
        return {designation: frozenset(others) for designation, others in found.items()}

    def subtraction(self, one: OrganisationDesignation, other: OrganisationDesignation) -> Subtraction | None:
        """Return two designations as a pair related by design, None if they are not."""
        stated = (
            ("designations", self._designations, attrgetter("designation")),
            ("programmes", self._programmes, attrgetter("programme")),
        )
        for table, related, key in stated:
            first, second = sorted((one, other), key=key)
            if known := related.get((key(first), key(second))):
                relation, subject = known
                ends = (first, second) if subject == key(first) else (second, first)
                return Subtraction(ends[0].designation, ends[1].designation, relation, table)
        return None


def _many(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def by_carrier(designations: Iterable[OrganisationDesignation]) -> Iterator[tuple[str, list[OrganisationDesignation]]]:
    """Yield the carriers of more than one designation, with the designations."""
    yield from _by(designations, "carriers")


def by_prefecture(
    designations: Iterable[OrganisationDesignation],
) -> Iterator[tuple[str, list[OrganisationDesignation]]]:
    """Yield the prefectures with more than one designation, with the designations."""
    yield from _by(designations, "prefectures")


def _by(
    designations: Iterable[OrganisationDesignation], scope: str
) -> Iterator[tuple[str, list[OrganisationDesignation]]]:
    found: dict[str, list[OrganisationDesignation]] = defaultdict(list)
    for designation in designations:
        for key in getattr(designation, scope):
            found[key].append(designation)
    for key in sorted(found):
        if len(found[key]) > 1:
            yield key, found[key]

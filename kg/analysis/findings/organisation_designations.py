"""Organisation-borne plates in force on a date: what each is about, on which carriers, in which prefectures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from kg.analysis.findings.by_design import KIN, kin
from kg.analysis.findings.finding import Subtraction
from kg.analysis.findings.topics import LEAST, SITE, Topic, lexicon
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import Answer
from kg.analysis.weights import Weights
from kg.release.columns import Columns
from kg.text.names import slug

STATION = "站"
"""After a site, the topic that stations at it share."""
LONGEST = 12
"""Characters of a shared topic at most; longer phrases are whole names."""


@dataclass(frozen=True, slots=True)
class Borne:
    """A plate that organisations bear, by key; topic: what it is about; prefectures: where it is known to lie."""

    plate: str
    programme: str
    carriers: tuple[str, ...]
    prefectures: tuple[str, ...]
    topic: Topic
    topics: frozenset[str]
    sites: frozenset[str]


def _topics(topic: Topic) -> frozenset[str]:
    """Return what phrases begin or end with, themselves included: every topic that a plate may share."""
    return frozenset(
        part
        for phrase in topic.phrases
        for length in range(LEAST, min(len(phrase), LONGEST) + 1)
        for part in (phrase[:length], phrase[-length:])
    )


def _sites(topic: Topic) -> frozenset[str]:
    """Return what names of sites begin with, as topics: every site that a plate may share."""
    return frozenset(site[:length] + STATION for site in topic.sites for length in range(LEAST, len(site) + 1))


def borne(columns: Columns, as_of: date, answers: Mapping[str, Answer]) -> list[Borne]:
    """Return the organisation-borne plates in force on a date whose programme has a ministry, by key."""
    words = lexicon(columns)
    fields, carriers, prefectures = (
        _many(columns.query(sql, {}))
        for sql in (
            "SELECT plate, text FROM plate_field_texts ORDER BY ALL",
            "SELECT plate, carrier FROM plate_carriers ORDER BY ALL",
            """SELECT DISTINCT plate, prefecture FROM plate_places JOIN places USING (place)
            WHERE prefecture <> '' ORDER BY ALL""",
        )
    )
    rows = columns.query(
        f"SELECT plate, programme, name_zh FROM plates WHERE bearer = 'organisation' AND {IN_FORCE} ORDER BY plate",  # noqa: S608
        {"as_of": as_of},
    )
    found = []
    for plate, programme, name in rows:
        if programme in answers:
            topic = words.topic(programme, name, fields.get(plate, ()))
            where = carriers.get(plate, ()), prefectures.get(plate, ())
            found.append(Borne(plate, programme, *where, topic, _topics(topic), _sites(topic)))
    return found


def topic_key(topic: str) -> str:
    """Return the part of a finding's key that stands for a topic: its pinyin, and a mark for homophones."""
    return f"{slug(topic)}-{sha256(topic.encode()).hexdigest()[:4]}"


def shared(plates: Iterable[Borne]) -> dict[str, list[Borne]]:
    """Return the topics that plates have in common, each with its plates.

    A topic is the whole phrase of one plate at least, with which phrases of the others begin or end (水稻: 杂交水稻).
    """
    chosen = list(plates)
    whole = {phrase for plate in chosen for phrase in plate.topic.phrases}
    found: dict[str, list[Borne]] = defaultdict(list)
    for plate in chosen:
        for topic in sorted(plate.topics & whole):
            found[topic].append(plate)
    return {topic: those for topic, those in found.items() if len(those) > 1}


def sites(plates: Iterable[Borne]) -> dict[str, list[Borne]]:
    """Return the sites that the names of plates have in common, as topics (塞罕坝站), each with its plates.

    A site is a place that both names tell, or what unknown words in both begin with (塞罕坝森林, 塞罕坝人工林).
    """
    found: dict[str, dict[str, Borne]] = defaultdict(dict)
    words: dict[str, set[str]] = defaultdict(set)
    for plate in plates:
        for word in plate.topic.sites:
            beginning = word[:SITE]
            words[beginning].add(word)
            found[beginning][plate.plate] = plate
    several = {beginning: list(those.values()) for beginning, those in found.items() if len(those) > 1}
    return {_beginning(words[beginning]) + STATION: those for beginning, those in several.items()}


def _beginning(words: Iterable[str]) -> str:
    first, *others = sorted(words)
    while not all(word.startswith(first) for word in others):
        first = first[:-1]
    return first


class Explained:
    """Which pairs of organisation-borne plates are related by design, and so explained.

    Relations of single plates explain every pair; of programmes, only those with a weight under `explains.`.
    """

    def __init__(self, columns: Columns, known: Weights) -> None:
        stated = {f"subtracts.{relation}": 1.0 for relation in known.having("explains.")}
        self._programmes = kin(columns, Weights(stated))
        self._plates = {
            (one, other): (relation, subject)
            for one, other, relation, subject in columns.query(
                f"WITH {KIN} SELECT one, other, kin.relation, kin.subject FROM plate_kin",  # noqa: S608
                {"subtracting": known.having("subtracts.")},
            )
        }
        self.look_alikes = frozenset(
            (min(pair), max(pair)) for pair in columns.query("SELECT one, other FROM look_alikes ORDER BY ALL", {})
        )

    def programmes(self, one: str, other: str) -> bool:
        """Say whether a relation of two programmes explains their plates."""
        return (min(one, other), max(one, other)) in self._programmes

    @cached_property
    def partners(self) -> Mapping[str, frozenset[str]]:
        """The plates to which each plate is related by design."""
        found: dict[str, set[str]] = defaultdict(set)
        for one, other in self._plates:
            found[one].add(other)
            found[other].add(one)
        return {plate: frozenset(others) for plate, others in found.items()}

    def subtraction(self, one: Borne, other: Borne) -> Subtraction | None:
        """Return two plates as a pair that is related by design, None where they are not."""
        first, second = sorted((one, other), key=lambda plate: plate.plate)
        if known := self._plates.get((first.plate, second.plate)):
            relation, subject = known
            ends = (first.plate, second.plate) if subject == first.plate else (second.plate, first.plate)
            return Subtraction(*ends, relation, "plates")
        first, second = sorted((one, other), key=lambda plate: plate.programme)
        if known := self._programmes.get((first.programme, second.programme)):
            relation, subject = known
            ends = (first.plate, second.plate) if subject == first.programme else (second.plate, first.plate)
            return Subtraction(*ends, relation, "programmes")
        return None


def _many(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def by_carrier(plates: Iterable[Borne]) -> Iterator[tuple[str, list[Borne]]]:
    """Yield the carriers that bear more than one plate, with the plates."""
    yield from _by(plates, "carriers")


def by_prefecture(plates: Iterable[Borne]) -> Iterator[tuple[str, list[Borne]]]:
    """Yield the prefectures in which more than one plate lies, with the plates."""
    yield from _by(plates, "prefectures")


def _by(plates: Iterable[Borne], scope: str) -> Iterator[tuple[str, list[Borne]]]:
    found: dict[str, list[Borne]] = defaultdict(list)
    for plate in plates:
        for key in getattr(plate, scope):
            found[key].append(plate)
    for key in sorted(found):
        if len(found[key]) > 1:
            yield key, found[key]

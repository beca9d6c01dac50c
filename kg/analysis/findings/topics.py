"""Topic extraction for organisation-borne designations: the longest run of topical words of name or field."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.release.columns import Columns
from kg.text.names import normal
from kg.text.patterns import NOTHING, longest_first

MIN_TOPIC_CHARS = 2
"""Minimum length of a topic."""
COMPOUND = "compound"
"""Kind of the words that make a discipline before them the name of another one (工程)."""
SCIENCE = "science"
"""Kind of the last characters of names of sciences, which are no topic of their own (学)."""
MIN_SITE_CHARS = 3
"""Minimum length of an unknown word that may name a landscape."""
BROAD = ("broad", "landscape", "discipline")
"""Kinds of words that are no topic on their own."""
PLACE = "place"
"""Kind of the names of provinces and prefectures, and of places whose name contains a connective (呼和浩特)."""
UNSPECIFIC = (*BROAD, PLACE)
SEPARATORS = ("type", "generic", "connective", "region", "organisation")
"""Kinds of stopwords that separate the runs of a name."""
BODY, NO_BODY = "body", "no-body"
"""Kinds of the last words of names of organisations, which are the carrier of a designation and not its topic (大学,
学院), and of longer words that end so and are none (科学院)."""
LANDFORM = "landform"
"""Kind of the characters that, after the name of a county, make it the name of a landscape (长白山, 海州湾)."""
BESIDE = (LANDFORM, COMPOUND, SCIENCE, BODY, NO_BODY)
"""Kinds of words that are no stopwords."""
RANKS = {"province": 0, "prefecture": 1, "county": 2}
"""Levels of places, the highest first; an ambiguous name is that of the highest."""


@dataclass(frozen=True, slots=True)
class Source:
    """The cells with the topics of a programme, and whether places below the prefecture belong to the topic."""

    reads: Literal["both", "name", "field", "none"] = "both"
    keeps_places: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A sequence of words between separators.

    text: the words; specific: whether any is more than a discipline or landscape; landscape: whether one is a
    landscape.
    """

    text: str
    specific: bool
    landscape: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """The topic of a designation.

    phrase: its topic, "" without one. others: alternative phrases: of the field beside the name, and the topic without
    a county at its beginning. sites: where places belong to the topic, the place in the name and its unknown words,
    which may name a landscape (塞罕坝).
    """

    phrase: str
    others: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """All phrases, the topic first."""
        return (self.phrase, *self.others) if self.phrase else self.others


class Lexicon:
    """Stopwords, names of places, and the source of each programme's topics.

    Args:
        words: stopword and kind.
        places: name and level (province, prefecture, county).
        sources: programme to its source.
        programmes: names of programmes, which count as stopwords of the kind `type`.
    """

    def __init__(
        self,
        words: Iterable[tuple[str, str]],
        places: Iterable[tuple[str, str]],
        sources: Mapping[str, Source],
        programmes: Iterable[str] = (),
    ) -> None:
        titles = sorted({normal(name) for name in programmes}, key=len, reverse=True)
        self._titles = re.compile("|".join(map(re.escape, titles)) or r"(?!)")
        self._sources = sources
        self._read: dict[str, tuple[tuple[str, str], ...]] = {}
        self._places: dict[str, str] = {}
        for name, level in places:
            known = self._places.get(normal(name), level)
            if len(name) >= MIN_TOPIC_CHARS and level in RANKS:
                self._places[normal(name)] = min(known, level, key=RANKS.__getitem__)
        self._max_place_chars = max(map(len, self._places), default=0)
        given = [(normal(word), kind) for word, kind in words]
        stops = {word: kind for word, kind in given if kind not in BESIDE}
        beside = {kind: tuple(word for word, known in given if known == kind) for kind in BESIDE}
        self._landforms, self._compounds, self._sciences = (beside[kind] for kind in (LANDFORM, COMPOUND, SCIENCE))
        self._organisations = _organisations(beside[BODY], beside[NO_BODY])
        joined = re.compile(
            "|".join(re.escape(word) for word, kind in stops.items() if kind == "connective") or r"(?!)"
        )
        indivisible = (name for name, level in self._places.items() if level != "county" or joined.search(name))
        self._kinds = dict.fromkeys(indivisible, PLACE) | dict.fromkeys(titles, "type") | stops
        longest_first = sorted(self._kinds, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def topic(self, programme: str, name: str, fields: Iterable[str] = ()) -> Topic:
        """Return the topic of a designation.

        Args:
            programme: key of its programme.
            name: its name as printed.
            fields: its cells of fields as printed.
        """
        source = self._sources.get(programme, Source())
        phrases: dict[str, None] = {}
        sites: tuple[str, ...] = ()
        if source.reads in ("both", "name"):
            bare = self._organisations.sub("、", self._titles.sub("、", normal(name)))
            phrases |= dict.fromkeys(self._phrases(bare, keeps_places=source.keeps_places))
            sites = tuple(self._sites(bare)) if source.keeps_places else ()
        if source.reads in ("both", "field"):
            for cell in fields:
                phrases |= dict.fromkeys(
                    max(self._phrases(entry, keeps_places=False), key=len, default="")
                    for entry in re.split(r"[;；\n]", cell)
                )
        found = [phrase for phrase in phrases if phrase]
        return Topic(found[0], tuple(found[1:]), sites) if found else Topic("", (), sites)

    def specific(self, phrase: str) -> bool:
        """Whether a phrase can be a topic of its own: more than disciplines, and no place."""
        return (
            len(phrase) >= MIN_TOPIC_CHARS
            and phrase not in self._places
            and any(run.specific and run.text == phrase for run in self._runs(phrase))
        )

    def _phrases(self, text: str, *, keeps_places: bool) -> Iterator[str]:
        """Yield the phrases of a text, its topic first: the first longest run."""
        around: list[tuple[str, str]] = []
        runs: list[Run] = []
        for run in self._runs(normal(text)):
            rest, names = self._without_places(run, keeps_places=keeps_places)
            around += names
            if len(rest.text) >= MIN_TOPIC_CHARS:
                runs.append(rest)
        best = max((run for run in runs if run.specific), key=lambda run: len(run.text), default=None)
        site = next((name for name, level in around if level == "county"), "")
        if keeps_places and best is not None and site:
            yield site + best.text
        if best is not None:
            yield best.text
        elif keeps_places:
            site = site or next((name for name, level in around if level == "prefecture"), "")
            yield from (site + run.text for run in runs if site and run.landscape)
        elif runs:
            yield from self._whole(text)

    def _sites(self, text: str) -> Iterator[str]:
        """Yield the lowest place in a name, and its unknown words."""
        around = [place for run in self._runs(text) for place in self._without_places(run, keeps_places=True)[1]]
        below = [(name, level) for name, level in around if level != "province"]
        yield from (name for name, _ in sorted(below, key=lambda place: -RANKS[place[1]])[:1])
        yield from (word for word, kind in self._words(text) if kind == "" and len(word) >= MIN_SITE_CHARS)

    def _whole(self, text: str) -> Iterator[str]:
        """Yield the compound of a name made only of disciplines (海洋工程), if there are several."""
        stretches: list[list[tuple[str, str]]] = [[]]
        for word, kind in self._words(normal(text)):
            if kind in BROAD or kind in ("generic", "", "kept"):
                stretches[-1].append((word, kind))
            else:
                stretches.append([])
        words = max(stretches, key=lambda words: sum(len(word) for word, kind in words if kind != "generic"))
        while words and words[0][1] == "generic":
            words = words[1:]
        while words and words[-1][1] == "generic" and words[-1][0] not in self._compounds:
            words = words[:-1]
        whole = "".join(word for word, _ in words)
        if len(words) > 1 and whole not in self._kinds:
            yield whole

    def _words(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return the words of a text with their kinds; text between known words has the kind ""."""
        if text not in self._read:
            self._read[text] = tuple(self._split(text))
        return self._read[text]

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        at = 0
        for match in self._pattern.finditer(re.sub(r"[()]", "、", text)):
            if match.start() > at:
                yield text[at : match.start()], ""
            yield match.group(), self._kinds[match.group()]
            at = match.end()
        if at < len(text):
            yield text[at:], ""

    def _runs(self, text: str) -> Iterator[Run]:
        """Yield the runs of words between separators."""
        stretch: list[tuple[str, str]] = []
        for word, kind in (*self._words(text), ("", "connective")):
            if kind not in SEPARATORS:
                stretch.append((word, kind))
            elif stretch:
                yield self._run(stretch)
                stretch = []

    def _run(self, words: list[tuple[str, str]]) -> Run:
        """Return the run of some words, without disciplines and the character of a science (学) at its end."""
        while (
            len(words) > 1
            and words[-1][1] == "discipline"
            and len("".join(word for word, _ in words[:-1])) >= MIN_TOPIC_CHARS
        ):
            words = words[:-1]
        text = "".join(word for word, _ in words)
        science = next((last for last in self._sciences if words[-1][0].endswith(last)), "")
        if words[-1][1] == "" and science and len(text) > MIN_TOPIC_CHARS:
            text = text.removesuffix(science)
        specific = any(kind not in UNSPECIFIC and word not in self._sciences for word, kind in words)
        return Run(text, specific, any(kind == "landscape" for _, kind in words))

    def _without_places(self, run: Run, *, keeps_places: bool) -> tuple[Run, list[tuple[str, str]]]:
        """Return a run without the names of places at its ends, and those names with their levels."""
        text, around = run.text, []
        while name := self._place_at_an_end(text, counties=keeps_places):
            text = text.removeprefix(name) if text.startswith(name) else text.removesuffix(name)
            around.append((name, self._places[name]))
        if not around:
            return run, around
        specific = any(kind not in UNSPECIFIC for _, kind in self._words(text))
        return Run(text, specific, run.landscape), around

    def _place_at_an_end(self, text: str, *, counties: bool) -> str:
        """Return the place at the beginning or end of a text, "" if none; the rest must not be a single character."""
        protected = next((word for word, kind in self._words(text) if kind == "kept"), "")
        for length in range(min(self._max_place_chars, len(text)), MIN_TOPIC_CHARS - 1, -1):
            if 0 < len(text) - length < MIN_TOPIC_CHARS:
                continue
            for name, other in ((text[:length], text[length:]), (text[-length:], text[:-length])):
                level = self._places.get(name)
                if (
                    not level
                    or (level == "county" and other and not counties)
                    or (protected and protected not in other)
                ):
                    continue
                if level == "county" and text.startswith(name) and other.startswith(self._landforms):
                    continue
                return name
        return ""


def _organisations(words: Iterable[str], longer: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of names of organisations, up to the first of some words that does not end a longer one."""
    others = list(longer)
    ends = (
        "".join(f"(?<!{re.escape(other.removesuffix(word))})" for other in others if other.endswith(word))
        + re.escape(word)
        for word in longest_first(words)
    )
    return re.compile(rf"[^()、;,]*?(?:{'|'.join(ends) or NOTHING})")


def lexicon(columns: Columns) -> Lexicon:
    """Read the words, places and sources of a release."""
    levels: dict[str, str] = defaultdict(str, columns.query("SELECT place, level FROM places", {}))
    names = columns.query("SELECT name, place FROM place_names WHERE NOT former ORDER BY ALL", {})
    return Lexicon(
        columns.query("SELECT word, kind FROM stopwords ORDER BY ALL", {}),
        ((name, levels[place]) for name, place in names),
        {
            programme: Source(reads, keeps_places)
            for programme, reads, keeps_places in columns.query("SELECT * FROM topic_sources ORDER BY ALL", {})
        },
        [name for (name,) in columns.query("SELECT name_zh FROM programmes ORDER BY ALL", {})],
    )

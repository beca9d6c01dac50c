"""The topic of an organisation-borne designation: the longest run of topical words of its name or field."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.release.columns import Columns
from kg.text.names import normal

LEAST = 2
"""Characters of a topic at least."""
ENGINEERING = "工程"
"""With a discipline before it, the name of another one."""
SITE = 3
"""Characters of an unknown word at least that may name a landscape."""
BROAD = ("broad", "landscape", "discipline")
"""Kinds of words that are part of a topic and none alone."""
PLACE = "place"
"""The kind of names of provinces and prefectures, and of those that a connective would part (呼和浩特)."""
UNSPECIFIC = (*BROAD, PLACE)
TAKEN_OUT = ("type", "generic", "connective", "region", "organisation")
"""Kinds of stopwords that part a name into runs."""
TITLES = re.compile(r"[^()、;,]*?(大学|(?<!科)学院|研究院|研究所|有限公司|公司|集团|医院)")
"""Whatever ends as an organisation is the bearer in the name of a designation and not its topic."""
LANDFORMS = re.compile(r"[山湖湾江河岭口岛源区海峡原岗沟]")
"""What follows the name of a county where it is the name of a landscape instead (长白山, 海州湾)."""
RANKS = {"province": 0, "prefecture": 1, "county": 2}
"""Levels of places, the highest first; a name that several have is that of the highest."""


@dataclass(frozen=True, slots=True)
class Source:
    """The cell with the topic of a programme's designations, and whether places below the prefecture belong to it."""

    reads: Literal["both", "name", "field", "none"] = "both"
    keeps_places: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words between what is taken out.

    text: the words; specific: whether any is more than a discipline or landscape; landscape: whether one is that.
    """

    text: str
    specific: bool
    landscape: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """What a designation is about.

    phrase: its topic, "" where it has none. others: further phrases that its designation answers to: what the field
    says beside the name, and, where the topic begins with a county, the topic without it. sites: where places belong to
    the topic, the place that the name tells and the words in it that no table knows, which may name a landscape
    (塞罕坝).
    """

    phrase: str
    others: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """All phrases, the topic first."""
        return (self.phrase, *self.others) if self.phrase else self.others


class Lexicon:
    """The words that are no topic, the names of places, and where each programme's topics come from.

    Args:
        words: stopword and kind.
        places: name and level (province, prefecture, county).
        sources: programme to its source.
        programmes: names of programmes, which are words of types.
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
            if len(name) >= LEAST and level in RANKS:
                self._places[normal(name)] = min(known, level, key=RANKS.__getitem__)
        self._longest = max(map(len, self._places), default=0)
        stops = {normal(word): kind for word, kind in words}
        joined = re.compile(
            "|".join(re.escape(word) for word, kind in stops.items() if kind == "connective") or r"(?!)"
        )
        whole = (name for name, level in self._places.items() if level != "county" or joined.search(name))
        self._kinds = dict.fromkeys(whole, PLACE) | dict.fromkeys(titles, "type") | stops
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
            bare = TITLES.sub("、", self._titles.sub("、", normal(name)))
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
        """Say whether a phrase could be a topic of its own: more than disciplines, and no place."""
        return (
            len(phrase) >= LEAST
            and phrase not in self._places
            and any(run.specific and run.text == phrase for run in self._runs(phrase))
        )

    def _phrases(self, text: str, *, keeps_places: bool) -> Iterator[str]:
        """Yield the phrases of a text, its topic first: the longest run, of equal ones the first."""
        around: list[tuple[str, str]] = []
        runs: list[Run] = []
        for run in self._runs(normal(text)):
            rest, names = self._without_places(run, keeps_places=keeps_places)
            around += names
            if len(rest.text) >= LEAST:
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
        """Yield the lowest place that a name tells, and the words in it that no table knows."""
        around = [place for run in self._runs(text) for place in self._without_places(run, keeps_places=True)[1]]
        below = [(name, level) for name, level in around if level != "province"]
        yield from (name for name, _ in sorted(below, key=lambda place: -RANKS[place[1]])[:1])
        yield from (word for word, kind in self._words(text) if kind == "" and len(word) >= SITE)

    def _whole(self, text: str) -> Iterator[str]:
        """Yield what a name of disciplines alone says as a whole (海洋工程), if it is more than one of them."""
        stretches: list[list[tuple[str, str]]] = [[]]
        for word, kind in self._words(normal(text)):
            if kind in BROAD or kind in ("generic", "", "kept"):
                stretches[-1].append((word, kind))
            else:
                stretches.append([])
        words = max(stretches, key=lambda words: sum(len(word) for word, kind in words if kind != "generic"))
        while words and words[0][1] == "generic":
            words = words[1:]
        while words and words[-1][1] == "generic" and words[-1][0] != ENGINEERING:
            words = words[:-1]
        whole = "".join(word for word, _ in words)
        if len(words) > 1 and whole not in self._kinds:
            yield whole

    def _words(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return the words of a text with their kinds; what lies between the known ones has the kind ""."""
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
        """Yield the runs of words between those that are taken out."""
        stretch: list[tuple[str, str]] = []
        for word, kind in (*self._words(text), ("", "connective")):
            if kind not in TAKEN_OUT:
                stretch.append((word, kind))
            elif stretch:
                yield self._run(stretch)
                stretch = []

    def _run(self, words: list[tuple[str, str]]) -> Run:
        """Return the run of some words: disciplines at its end, and the 学 of a science, do not count."""
        while len(words) > 1 and words[-1][1] == "discipline" and len("".join(word for word, _ in words[:-1])) >= LEAST:
            words = words[:-1]
        text = "".join(word for word, _ in words)
        if words[-1][1] == "" and words[-1][0].endswith("学") and len(text) > LEAST:
            text = text.removesuffix("学")
        specific = any(kind not in UNSPECIFIC and word != "学" for word, kind in words)
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
        """Return the place with which a text begins or ends, "" where it does not; what is left must be words."""
        kept = next((word for word, kind in self._words(text) if kind == "kept"), "")
        for length in range(min(self._longest, len(text)), LEAST - 1, -1):
            if 0 < len(text) - length < LEAST:
                continue
            for name, other in ((text[:length], text[length:]), (text[-length:], text[:-length])):
                level = self._places.get(name)
                if not level or (level == "county" and other and not counties) or (kept and kept not in other):
                    continue
                if level == "county" and text.startswith(name) and LANDFORMS.match(other):
                    continue
                return name
        return ""


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

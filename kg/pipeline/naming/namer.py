"""Names of designations by the patterns of their programmes, told apart where two would be the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.pipeline import mapping, merge
from kg.pipeline.naming.places import Places
from kg.pipeline.naming.templates import Template
from kg.tables import Package, Row
from kg.text import english, pinyin
from kg.text.english import Phrase, Reader, Words
from kg.text.names import NameWords, normal

NAME = "name_en"
WHOLE = ("body", "kind", "legal-form")
"""What ends a name that stands for itself: the programme follows in brackets."""
ORGANISATION = "organisation"


@dataclass(frozen=True)
class Namer:
    """Names designations by the templates of their programmes.

    words: of stages, left out; programmes: rows by key; templates: by programme, in order; areas: designation to the
    codes of its places.
    """

    words: NameWords
    reader: Reader
    gazetteer: Places
    programmes: Mapping[str, Row]
    templates: Mapping[str, Sequence[Template]]
    areas: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, package: Package) -> "Namer":
        """Read the tables: programmes, patterns, words, places, and English names of organisations."""
        programmes, words = package.index("programmes"), NameWords.of(package.rows("name_words"))
        templates = _templates(package, programmes, words)
        return cls(words, _reader(package), Places.of(package), programmes, templates, _areas(package))

    def name(self, row: Row) -> str:
        """Return the English name of a designation."""
        text = self.words.unstaged(english.plain(row["name_zh"]))
        place_at = self.gazetteer.near(self.areas.get(row["id"], ()), self.reader.words)
        for template in self.templates[row["programme_id"]]:
            if found := template.filled(text, self.reader, place_at):
                return found
        return self._alone(self.reader.phrase(text, place_at), self.programmes[row["programme_id"]])

    def transcribed(self, row: Row) -> str:
        """Return the name of a designation in pinyin, with its programme."""
        return (
            f"{self.reader.transcribed(english.plain(row['name_zh']))} ({self.programmes[row['programme_id']][NAME]})"
        )

    def zone(self, name: str, area: Sequence[str]) -> str:
        """Return the English name of a zone that is no designation itself."""
        return self.reader.phrase(english.plain(name), self.gazetteer.near(area, self.reader.words)).whole

    @staticmethod
    def _alone(phrase: Phrase, programme: Row) -> str:
        """Return a name that does not say its programme: after a place the programme, after others in brackets."""
        if phrase.ends in WHOLE or programme["bearer"] == ORGANISATION:
            return f"{phrase.whole} ({programme[NAME]})"
        return f"{phrase.whole} {programme[NAME]}"


def told_apart(rows: Sequence[Row], found: Mapping[str, str], namer: Namer) -> dict[str, str]:
    """Return other names for those that several designations of a programme would have: with a place, else in pinyin.

    Those whose Chinese names are the same as well keep one name if their places are the same, too.
    """
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["programme_id"], found[row["id"]]].append(row)
    changed: dict[str, str] = {}
    for (_, name), group in groups.items():
        if len(group) > 1:
            changed |= _with_places(name, group, namer)
    return changed


def _with_places(name: str, group: Sequence[Row], namer: Namer) -> dict[str, str]:
    for level in ("province", "prefecture", "county"):
        places = {row["id"]: namer.gazetteer.at(level, namer.areas.get(row["id"], ())) for row in group}
        if all(places.values()) and len(set(places.values())) == len(group):
            return {key: f"{name} ({place})" for key, place in places.items()}
    if len({normal(row["name_zh"]) for row in group}) == 1:
        return {}
    return {row["id"]: namer.transcribed(row) for row in group}


def _reader(package: Package) -> Reader:
    known = mapping.carriers_in_english(package)
    bodies = {
        english.plain(each): known[row["id"]]
        for row in package.rows("carriers")
        if row["id"] in known
        for each in (row["name_zh"], *row.many("names"))
    }
    readings = mapping.readings(package)
    return Reader(Words.of(package.rows("english_words")), bodies, lambda text: pinyin.transcribed(text, readings))


def _templates(package: Package, programmes: Mapping[str, Row], known: NameWords) -> dict[str, list[Template]]:
    """Return the templates of each programme, those for all programmes last."""
    rows = package.grouped("english_names", "programme_id")
    found = {}
    for key, programme in programmes.items():
        words = known.of_programme((programme["name_zh"], *programme.many("aliases_zh")))
        listed = (*rows.get(key, ()), *rows.get("", ()))
        found[key] = [Template.of(row["chinese"], row["english"], words, programme[NAME]) for row in listed]
    return found


def _areas(package: Package) -> dict[str, list[str]]:
    """Return the places of each designation: those of its own statements, then those of its records."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in package.rows("designation_places"):
        found[row["designation_id"]].append(row["place_id"])
    for row in merge.corrected(package):
        found[row["designation_id"]] += row.many("place_ids")
    return {key: list(dict.fromkeys(codes)) for key, codes in found.items()}

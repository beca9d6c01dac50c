"""Patterns of names, in Chinese and in English (data/english_names.csv)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.text.english import Phrase, PlaceAt, Reader
from kg.text.patterns import one_of


@dataclass(frozen=True, slots=True)
class Template:
    """How the names of a programme are written: pattern of the Chinese, English with the same slots.

    In Chinese `[a|b]` stands for one of these texts or none; in English `[… {slot}]` is left out where the slot is
    empty. Slots: place, name (proper names), topic, field; `{place}{topic}` and `{topic}{place}` stand together.
    """

    pattern: re.Pattern[str]
    english: str

    @classmethod
    def of(cls, chinese: str, english: str, programme_words: Sequence[str] = (), name: str = "") -> "Template":
        """Compile the cells of a row; `{programme}` stands for the words and the English name of the programme."""
        text = chinese.replace("{place}{topic}", "{placetopic}").replace("{topic}{place}", "{topicplace}")
        parts = (_compiled(part, programme_words) for part in re.split(r"(\{\w+\}|\[[^]]*\])", text))
        return cls(re.compile("".join(parts)), english.replace("{programme}", name))

    def filled(self, text: str, reader: Reader, place_at: PlaceAt) -> str:
        """Return the English of a name, empty if it is not written so."""
        match = self.pattern.fullmatch(text)
        if not match:
            return ""
        slots = match.groupdict()
        found = {name: reader.topic(cell) for name, cell in slots.items() if name in ("topic", "field")}
        for name, cell in slots.items():
            if name in ("place", "name", "placetopic", "topicplace"):
                found |= self._proper(name, _phrase(name, cell, reader, place_at), found)
        return _written(self.english, found)

    def _proper(self, name: str, phrase: Phrase, found: Mapping[str, str]) -> dict[str, str]:
        """Return the slots that a part with a proper name fills: place and topic, or one of both together."""
        if name == "name" or "topic" in found or "{topic}" not in self.english:
            return {"name" if name == "name" else "place": phrase.whole}
        return {"place": phrase.proper, "topic": phrase.topic}


def _phrase(name: str, text: str, reader: Reader, place_at: PlaceAt) -> Phrase:
    if name == "topicplace":
        return reader.topic_first(text, place_at)
    return reader.phrase(text, place_at, split=name == "placetopic")


def _compiled(part: str, programme_words: Sequence[str]) -> str:
    if part == "{programme}":
        return f"(?:{one_of(programme_words)})"
    if part.startswith("{"):
        return f"(?P<{part[1:-1]}>.+?)"
    if part.startswith("["):
        return f"(?:{one_of(part[1:-1].split('|'))})?"
    return re.escape(part)


def _written(english: str, slots: Mapping[str, str]) -> str:
    """Fill the slots of an English text and leave out its optional parts where a slot is empty."""

    def optional(part: re.Match[str]) -> str:
        return part[1] if all(slots.get(name) for name in re.findall(r"\{(\w+)\}", part[1])) else ""

    filled = re.sub(r"\[([^]]*)\]", optional, english)
    text = re.sub(r"\{(\w+)\}", lambda slot: slots.get(slot[1], ""), filled)
    return " ".join(text.split())

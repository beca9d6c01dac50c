"""Filters of a list, as they are shown and as they are put in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as shown.

    name: parameter of the address; title: what it is called; chosen: key that is chosen, empty for none; options: key,
    text and number of entries; meaning: what the chosen key means, where the options may not say it.
    """

    name: str
    title: str
    chosen: str
    options: tuple[tuple[str, str, int], ...] = ()
    meaning: str = ""

    @property
    def text(self) -> str:
        """What the chosen key means in the reader's language; the key itself where that is not known."""
        return self.meaning or next((text.strip() for key, text, _ in self.options if key == self.chosen), self.chosen)

"""What a reader means by a name in a form: one place, programme, purpose or field, or several to choose from."""

from dataclasses import dataclass

from flask import request

from kg.analysis.resolve import Candidate, Names, whereabouts
from kg.vocab import SCHEMES, THINGS
from web.data import computed
from web.graph.labels import name
from web.http.language import gettext

MOST = 8
"""Things among which a reader is asked to choose."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked and what it means.

    kind: of the thing; parameter: of the address; asked: the text; key: of the thing meant, empty where none or several
    are; shown: its name in the reader's language; candidates: where several may be meant, their keys,
    names and what they lie in.
    """

    kind: str
    parameter: str
    asked: str
    key: str = ""
    shown: str = ""
    candidates: tuple[tuple[str, str, str], ...] = ()


def choose(kind: str, parameter: str) -> Choice:
    """Return what a parameter of the address means as a thing of a kind: by its key, else by a name of any sort."""
    return read(kind, parameter, request.args.get(parameter, "").strip())


def read(kind: str, parameter: str, asked: str) -> Choice:
    """Return what a text means as a thing of a kind; no text means none, and no index of names is made for it."""
    if not asked:
        return Choice(kind, parameter, asked)
    meant = whereabouts(computed().columns, asked).resolution if kind == "place" else _names().resolve(kind, asked)
    if meant.key:
        return Choice(kind, parameter, asked, meant.key, _shown(kind, meant.key))
    candidates = tuple(_candidate(kind, candidate) for candidate in meant.candidates[:MOST])
    return Choice(kind, parameter, asked, candidates=candidates)


def unclear(choice: Choice) -> str:
    """Return a sentence for a program: which things a text may mean, or that it means none; empty for a clear one."""
    if choice.key or not choice.asked:
        return ""
    if not choice.candidates:
        return gettext("%(parameter)s: nothing is called %(asked)s", parameter=choice.parameter, asked=choice.asked)
    meant = "; ".join(f"{within} {shown} ({key})".strip() for key, shown, within in choice.candidates)
    return gettext(
        "%(parameter)s: %(asked)s may mean %(meant)s", parameter=choice.parameter, asked=choice.asked, meant=meant
    )


def options(kind: str) -> list[tuple[str, str]]:
    """Return all things of a kind as key and name, for a list to choose from; not for places, which are too many."""
    return sorted(((key, _shown(kind, key)) for key in _names().keys(kind)), key=lambda option: option[1])


def _names() -> Names:
    return Names.of_columns(computed().columns)


def _candidate(kind: str, candidate: Candidate) -> tuple[str, str, str]:
    within = _shown(kind, candidate.within[-1]) if candidate.within else ""
    return candidate.key, _shown(kind, candidate.key), within


def _shown(kind: str, key: str) -> str:
    base = SCHEMES if kind in ("purpose", "field") else THINGS
    return name(f"{base}{kind}/{key}").text

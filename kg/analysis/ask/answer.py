"""Output of `ask`: rows for people and for programs, and sentences with the completeness of the lists."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace

from kg.analysis import resolve
from kg.analysis.ask.ask import NEARNESS, WHERE, Answer, Asked, Coverage, Holder
from kg.analysis.findings.table import Names
from kg.release.columns import Columns

MOST_NAMED = 3
"""Designations by whose names a place was found that are named."""
NAME_HEADERS = ("where", "designation", "programme", "ministries", "borne by", "since", "purpose", "field", "documents")
KEY_HEADERS = (
    *(
        "where",
        "place",
        "designation",
        "name",
        "programme",
        "ministries",
        "inferred",
        "lapsed",
        "carriers",
        "stage",
        "since",
    ),
    *("purpose", "field", "documents", "sources"),
)


def name_rows(columns: Columns, holders: Iterable[Holder]) -> list[list[str]]:
    """Return rows for people, in the order of `NAME_HEADERS`; a star marks inferred ministries."""
    names = Names(columns)
    return [
        [
            holder.where,
            f"{holder.name}\n{names.place(holder.place)}",
            names.of([holder.programme]),
            names.of(holder.ministries) + (" *" if holder.inferred else ""),
            "\n".join(holder.particulars.carriers),
            " ".join(filter(None, [str(holder.since or ""), holder.particulars.stage])),
            holder.purpose,
            holder.field,
            "\n".join(holder.particulars.documents or [source.title for source in holder.particulars.sources]),
        ]
        for holder in holders
    ]


def key_rows(holders: Iterable[Holder]) -> list[list[str]]:
    """Return rows of keys, in the order of `KEY_HEADERS`."""
    return [
        [
            *(holder.where, holder.place, holder.designation, holder.name, holder.programme),
            *(";".join(holder.ministries), ";".join(holder.inferred), str(holder.lapsed).lower()),
            ";".join(holder.particulars.carriers),
            *(holder.particulars.stage, str(holder.since or ""), holder.purpose, holder.field),
            ";".join(holder.particulars.documents),
            ";".join(" ".join(filter(None, (source.title, source.address))) for source in holder.particulars.sources),
        ]
        for holder in holders
    ]


def counts(answer: Answer) -> dict[str, int]:
    """Return the numbers of designations by sameness, each counted once, and of those elsewhere in the prefecture.

    purpose and field, purpose, related purpose, field, related field: in the place or covering it, by what is common;
    here: in the place or covering it, where a place alone was asked for; elsewhere: in the same prefecture.
    """
    asked = answer.asked
    found = dict.fromkeys(_samenesses(asked), 0) | {"elsewhere": 0}
    for holder in answer.holders:
        if holder.where in ("here", "covering"):
            found[_sameness(asked, holder)] += 1
        elif holder.where == "prefecture":
            found["elsewhere"] += 1
    return found


def _samenesses(asked: Asked) -> tuple[str, ...]:
    if asked.place_alone:
        return ("here",)
    by_purpose = ("purpose", "related purpose") if asked.purposes or asked.programme else ()
    both = ("purpose and field",) if by_purpose and asked.field else ()
    return (*both, *by_purpose, *(("field", "related field") if asked.field else ()))


def _sameness(asked: Asked, holder: Holder) -> str:
    if asked.place_alone:
        return "here"
    if holder.purpose == "same":
        return "purpose and field" if holder.field == "same" else "purpose"
    if holder.purpose == "near":
        return "related purpose"
    return "field" if holder.field == "same" else "related field"


def as_json(answer: Answer, top: int | None = None) -> str:
    """Return an answer as JSON: the resolved question, its numbers, the nearest `top` designations, its coverage."""
    asked, *rest = asdict(replace(answer, holders=answer.holders[:top])).items()
    return json.dumps(dict([asked, ("counts", counts(answer)), *rest]), ensure_ascii=False, indent=1, default=str)


def sentences(columns: Columns, answer: Answer) -> Iterator[str]:
    """Yield sentences: the resolved question, numbers of designations by distance, completeness of the lists."""
    names, asked = Names(columns), answer.asked
    fields = dict(columns.query("SELECT field, label_zh FROM fields", {}))
    understood = [
        names.place(asked.place.code),
        *(names.of([key]) for key in (*asked.purposes, asked.programme) if key),
    ]
    yield f"asked: {' · '.join([*understood, *filter(None, [fields.get(asked.field)]), str(asked.as_of)])}"
    if asked.through:
        known = resolve.Names.of_columns(columns)
        shown = [known.shown("designation", key) for key in asked.through[:MOST_NAMED]]
        yield f"the place was found by the name of {', '.join(shown)}"
    if asked.besides:
        yield f"other places of this name: {', '.join(map(names.place, asked.besides))}"
    yield "in common: " + " · ".join(f"{name} {number}" for name, number in counts(answer).items())
    by_where = Counter(holder.where for holder in answer.holders)
    yield "designations: " + ", ".join(f"{by_where[where]} {where}" for where in WHERE)
    for nearness in NEARNESS:
        if rows := [row for row in answer.coverage if row.purpose == nearness]:
            served = f" with a purpose that is {nearness}" if nearness else ""
            yield f"lists of {len(rows)} programmes{served}: {_completeness(rows, names)}"
    if unplaced := sum(row.unplaced for row in answer.coverage):
        yield f"{unplaced} designations of these programmes have no known place and may lie here too"
    if answer.asked.field and not answer.coverage:
        yield (
            "only a field was asked for: designations of every programme that state it are here, others cannot be known"
        )


def _completeness(rows: Iterable[Coverage], names: Names) -> str:
    by_state: dict[str, list[str]] = {}
    for row in rows:
        of_total = f" ({row.designations} of {row.official_total})" if row.official_total else ""
        by_state.setdefault(row.completeness, []).append(names.of([row.programme]) + of_total)
    order = ("whole", "partial", "sample", "unknown", "none")
    return "; ".join(f"{state}: {', '.join(by_state[state])}" for state in order if state in by_state)

"""Output of `ask`: rows for people and for programs, and sentences with the completeness of the lists."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from kg.analysis.ask.ask import NEARNESS, WHERE, Answer, Coverage, Holder
from kg.analysis.findings.table import Names
from kg.release.columns import Columns

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


def as_json(answer: Answer) -> str:
    """Return an answer with the resolved question and its coverage as JSON."""
    return json.dumps(asdict(answer), ensure_ascii=False, indent=1, default=str)


def sentences(columns: Columns, answer: Answer) -> Iterator[str]:
    """Yield sentences: the resolved question, numbers of designations by distance, completeness of the lists."""
    names, asked = Names(columns), answer.asked
    fields = dict(columns.query("SELECT field, label_zh FROM fields", {}))
    understood = [
        names.place(asked.place.code),
        *(names.of([key]) for key in (*asked.purposes, asked.programme) if key),
    ]
    yield f"asked: {' · '.join([*understood, *filter(None, [fields.get(asked.field)]), str(asked.as_of)])}"
    counts = Counter(holder.where for holder in answer.holders)
    yield "designations: " + ", ".join(f"{counts[where]} {where}" for where in WHERE)
    for nearness in NEARNESS:
        if rows := [row for row in answer.coverage if row.purpose == nearness]:
            yield f"lists of {len(rows)} programmes with a purpose that is {nearness}: {_completeness(rows, names)}"
    if unplaced := sum(row.unplaced for row in answer.coverage):
        yield f"{unplaced} designations of these programmes have no known place and may lie here too"
    if answer.asked.field and not any(row.purpose for row in answer.coverage):
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

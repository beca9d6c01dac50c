"""Cells of a record: as printed, as interpreted, and the remarks."""

import json
from collections.abc import Iterable, Mapping

from kg.importing.line_kinds import Remark
from kg.importing.printed_rows import PRINTED, Printed
from kg.importing.row_reader import Reading

Cells = dict[str, str]


def signature(record: Mapping[str, str], serials: Iterable[str]) -> str:
    """Return the cells of a record as printed, without its serial number: equal for exact repeats of a row."""
    other = json.loads(record["other"]) if record["other"] else {}
    cells = {header: cell for header, cell in other.items() if header not in serials}
    return json.dumps([[record[column] for column in PRINTED], cells], ensure_ascii=False, sort_keys=True)


def remark_cell(remarks: Iterable[Remark]) -> str:
    """Return remarks as a cell: in Chinese and in English, separated by a bar."""
    both = list(dict.fromkeys(remarks))
    return " | ".join(("；".join(zh for zh, _ in both), "; ".join(en for _, en in both))) if both else ""


def printed_cells(printed: Printed) -> Cells:
    """Return the cells of a row as printed, by the columns of a record."""
    other = json.dumps(dict(printed.other), ensure_ascii=False) if printed.other else ""
    return {**printed.cells, "other": other}


def read_cells(reading: Reading) -> Cells:
    """Return the interpreted cells of a row, by the columns of a record."""
    return {
        "programme_id": reading.programme,
        "stage": reading.stage,
        "approved_date": reading.approved,
        "ended_date": reading.ended,
        "standing": reading.standing,
        "place_ids": ";".join(reading.place.places),
        "place_basis": reading.place.basis,
        "extent": reading.place.extent,
        "carrier_ids": ";".join(reading.carriers),
        "authority_ids": ";".join(reading.authorities),
        "supervisor_ids": ";".join(reading.supervisors),
        "field_ids": ";".join(key for key, _ in reading.fields),
        "field_words": ";".join(word for _, word in reading.fields),
        "derived": ";".join(dict.fromkeys(reading.derived)),
    }


def dropped(record: Mapping[str, str]) -> bool:
    """Whether a newer edition of its list no longer has the designation of a record."""
    return record["standing"] == "not-in-list" and "standing" in record["derived"].split(";")

"""Preview of a plan: rows of a table, and a summary of the list in sentences."""

from collections import Counter
from collections.abc import Iterator

from kg.importing.plan import Plan
from kg.importing.record_cells import remark_cell
from kg.importing.spreadsheets import Sheet

COLUMNS = ["line", "verdict", "name", "designation", "places", "date", "bodies", "carriers", "fields", "remarks"]


def rows(plan: Plan) -> list[list[str]]:
    """Return a row for every row of the list and every vanished designation, in `COLUMNS`."""
    found = []
    for entry in plan.entries:
        record = entry.record or {}
        read = [
            record.get(name, "") for name in ("place_ids", "approved_date", "authority_ids", "carrier_ids", "field_ids")
        ]
        line = str(entry.line) if entry.line else ""
        found.append([line, entry.verdict, entry.name, entry.designation, *read, remark_cell(entry.remarks)])
    return found


def summary(plan: Plan, sheet: Sheet) -> Iterator[str]:
    """Yield the sentences around the table: how the list was parsed, what would be written."""
    part = f", sheet {sheet.part}" if sheet.part else f", {sheet.encoding}"
    title = f", titled “{plan.listing.title}”" if plan.listing.title else ""
    yield f"{sheet.file}{part}{title}: {len(plan.listing.rows)} rows"
    for column in plan.listing.columns:
        compiled = ", derived by the compiler" if column.compiled else ""
        yield f"  column {column.position + 1} “{column.header}” → {column.column} ({column.how}{compiled})"
    for skipped in plan.listing.skipped:
        text = f" “{skipped.text}”" if skipped.text else ""
        yield f"  line {skipped.line}{text}: {' | '.join(skipped.why)}; no row"
    counts = ", ".join(f"{number} {verdict}" for verdict, number in plan.counts.items() if number)
    parts = {
        "designations": plan.designations,
        "records": plan.records,
        "carriers": plan.carriers,
        "relations": plan.relations,
    }
    written = ", ".join(f"{len(found)} {name}" for name, found in parts.items())
    yield f"{counts or 'no rows'}; would write {written}"
    causes = Counter(remark for entry in plan.entries if entry.record for remark in entry.remarks)
    if causes:
        remarked = sum(bool(entry.record and entry.remarks) for entry in plan.entries)
        yield f"{remarked} rows with a remark; the most frequent: {remark_cell([causes.most_common(1)[0][0]])}"

"""Preview of a plan: rows of a table, and a summary of the list in sentences."""

from collections import Counter
from collections.abc import Iterator

from kg.importing.line_kinds import Kind
from kg.importing.listing import Account, Listing, Skipped
from kg.importing.plan import Plan
from kg.importing.record_cells import remark_cell

COLUMNS = ["line", "verdict", "name", "designation", "places", "date", "bodies", "carriers", "fields", "remarks"]


def rows(plan: Plan) -> list[list[str]]:
    """Return a row for every row of the list and every vanished designation, in `COLUMNS`."""
    several = len(plan.listing.accounts) > 1
    found = []
    for entry in plan.entries:
        record = entry.record or {}
        read = [
            record.get(name, "") for name in ("place_ids", "approved_date", "authority_ids", "carrier_ids", "field_ids")
        ]
        line = f"{entry.part}!{entry.line}" if several and entry.line else str(entry.line or "")
        found.append([line, entry.verdict, entry.name, entry.designation, *read, remark_cell(entry.remarks)])
    return found


def summary(plan: Plan) -> Iterator[str]:
    """Yield the sentences around the table: how the list was parsed, what would be written."""
    yield from _listing(plan.order.file, plan.listing)
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
    if plan.listing.unaccounted:
        yield f"lines not accounted for: {plan.listing.unaccounted}; --write needs --line to say what they are"


def _listing(file: str, listing: Listing) -> Iterator[str]:
    """Yield what was read: title, columns, lines that are no rows, and the account of the lines of every sheet."""
    coded = f", {listing.encoding}" if listing.encoding else ""
    titled = f", titled “{listing.title}”" if listing.title else ""
    yield f"{file}{coded}{titled}: {len(listing.rows)} rows"
    for column in listing.columns:
        compiled = ", derived by the compiler" if column.compiled else ""
        yield f"  column {column.position + 1} “{column.header}” → {column.column} ({column.how}{compiled})"
    yield from map(_skipped, listing.skipped)
    yield from map(_account, listing.accounts)
    yield from (f"  sheet {part}: {remark_cell([why])}" for part, why in listing.aside)


def _skipped(line: Skipped) -> str:
    text = f" “{line.text}”" if line.text else ""
    where = f"sheet {line.part}, line" if line.part else "line"
    return f"  {where} {line.line}{text}: {' | '.join(line.why)}; no row"


def _account(account: Account) -> str:
    """Return the sentence that accounts for every line of a sheet."""
    shown = (Kind.ROW, Kind.HEADER, Kind.SECTION, Kind.NOTE)
    numbers = [(account.kinds.get(kind, 0), kind) for kind in shown]
    parts = " + ".join(f"{number} {kind}{'' if number == 1 else 's'}" for number, kind in numbers)
    parts += f" + {account.kinds.get(Kind.BLANK, 0)} blank"
    unclear = f" + {account.unaccounted} not accounted for" if account.unaccounted else ""
    more = account.rows != account.kinds.get(Kind.ROW, 0)
    made = f"; {account.rows} rows are made from the lines of rows" if more else ""
    where = f"sheet {account.sheet}: " if account.sheet else ""
    return f"  {where}{account.lines} lines = {parts}{unclear}{made}"

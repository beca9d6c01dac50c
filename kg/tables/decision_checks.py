"""Rules for decisions: each names what there is, and they agree with one another.

A pair for which both same and different were decided counts as different; that is no fault.
"""

from collections.abc import Iterator

from kg.errors import NOTHING, Complaint, expect
from kg.tables.canonical import Canonical, Stated, stated
from kg.tables.package import Package, Row

OF_PAIRS = ("same", "different", "unsure")
OF_FINDINGS = ("overlap-accepted", "overlap-justified", "unsure")


def check(package: Package) -> Iterator[Complaint]:
    """Yield the faults of decisions: of each alone, and those between them."""
    rows = list(package.rows("decisions"))
    if not rows:
        return
    known = stated(package, rows)
    faults = [complaint for row in rows for complaint in _alone(row, known)]
    lines = {complaint.row for complaint in faults}
    sound = Canonical(known, [row for row in rows if row.line not in lines])
    for fault in sound.faults:
        cell = fault.row[fault.column]
        if isinstance(fault.row, Row):
            faults.append(fault.row.complaint(fault.column, repr(cell), fault.expected))
    yield from sorted(faults, key=lambda complaint: complaint.row)


def _alone(row: Row, known: Stated) -> Iterator[Complaint]:
    one, other, finding = row["one_id"], row["other_id"], row["finding"]
    if bool(finding) == bool(one or other):
        yield row.complaint("finding", repr(finding) if finding else NOTHING, expect("finding-or-pair"))
        return
    allowed = OF_FINDINGS if finding else OF_PAIRS
    if row["verdict"] not in allowed:
        yield row.complaint("verdict", repr(row["verdict"]), expect("one-of", values=", ".join(allowed)))
    if finding:
        return
    for column, entry in (("one_id", one), ("other_id", other)):
        if not known.known(entry):
            yield row.complaint(column, repr(entry) if entry else NOTHING, expect("designation-or-record"))
    if one == other:
        yield row.complaint("other_id", repr(other), expect("another-of-pair"))

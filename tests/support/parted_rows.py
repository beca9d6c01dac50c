"""Rows of lists that run several designations together."""

from kg.tables import Package


def further(package: Package) -> int:
    """Return how many designations no row was taken for: parts of rows that run several together."""
    taken = {row["designation_id"] for row in package.rows("records")}
    return len({row["designation_id"] for row in package.rows("parted_rows")} - taken)

"""The eve of the reform in the real data, as the tests expect it: written out, not read from the tables."""

from datetime import date

BEFORE_REFORM = date(2022, 12, 31)
"""The last end of a year before the reform of 2023."""

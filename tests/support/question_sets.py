"""Sets of competency questions that several tests share."""

COMPUTED = {29, 31, 33, 34, 41, 45, 46}
"""Numbers of the questions whose rows a test computes a second time from the tables."""

"""Counts and measures of spread by ministry, programme, place and time."""

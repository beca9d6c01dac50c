"""Charts drawn from data."""

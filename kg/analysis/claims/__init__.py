"""The papers' claims, held against the data."""

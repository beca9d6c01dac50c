"""Pictures from data."""

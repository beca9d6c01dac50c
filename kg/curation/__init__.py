"""Decisions and corrections as rows with a reason."""

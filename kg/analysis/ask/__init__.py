"""Existing designations for a purpose at a place and around it."""

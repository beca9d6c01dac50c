"""Readers of the formats in which lists are published: each gives the same sheets of lines of text."""

"""Matching of names in a list to the keys that they mean: exact readings first, then near ones, with features."""

from kg.analysis.matching.matcher import KINDS, Asked, Match, Matcher

__all__ = ["KINDS", "Asked", "Match", "Matcher"]

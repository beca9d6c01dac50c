"""What this site is, what it rests on, how to read it and what it does not know: for who comes for the first time."""

from flask import Blueprint, render_template

from kg.analysis.findings import find
from kg.vocab import SCHEMES, TERMS

blueprint = Blueprint("about", __name__)

MARKS = ("place-basis/derived", "status/inferred", "status/disputed", "status/unsourced", "certainty/possible")
"""Concepts that stand as marks beside what is said."""


@blueprint.get("/about")
def about() -> str:
    """Say what a reader must know: sources, findings and scores, marks, limits, licence, how to cite and correct."""
    kinds = [(kind, TERMS + found.term) for kind, found in find.KINDS.items()]
    return render_template("about/about.html", kinds=kinds, marks=[SCHEMES + mark for mark in MARKS])

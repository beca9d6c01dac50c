"""Form to report an error in a record; produces the row for `data/corrections.csv`."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, render_template, request

from kg.analysis.resolve import Names
from kg.curation import corrections
from kg.curation.corrections import Known, Proposal
from kg.errors import NOTHING, Complaint, Expectation
from kg.tables import Package
from kg.vocab import SCHEMES, THINGS
from web import data
from web.graph.labels import cached_by_reader, graph, name
from web.html import reporting
from web.http.language import gettext, language
from web.http.language import lazy_gettext as _
from web.views.resource.papers import cells

blueprint = Blueprint("corrections", __name__)

LONGEST = 500
"""Characters of a text that is taken."""
_DATE = _("Expected a day, month or year that exists: YYYY-MM-DD, YYYY-MM or YYYY.")
SENTENCES = {
    "value": _("A value is required."),
    "one-of": _("Expected one of: %(values)s."),
    "one-of-keys": _("This name is ambiguous; use one of these keys: %(keys)s."),
    "key-of-table": _("No item has this key or name. Use keys or full names, separated by semicolons."),
    "date": _DATE,
    "date-in-calendar": _DATE,
    "number": _("Expected a number."),
    "number-between": _("Expected a number from %(minimum)s to %(maximum)s."),
    "whole-number": _("Expected a whole number."),
    "whole-number-between": _("Expected a whole number from %(minimum)s to %(maximum)s."),
    "pattern": _("Expected text of the form %(pattern)s."),
    "no-control": _("It contains a control character, which is invisible and not allowed in XML."),
    "no-formula": _("It must not begin with = + - or @, which spreadsheets read as a formula."),
    "one-repair": _("This cell has already been corrected: change that line of the file instead of adding one."),
    "cell-as-now": _("The record says %(cell)s now."),
    "repairable-column": _("This column cannot be corrected."),
}
"""Code of what a rule expects of a correction (`kg.errors.EXPECTATIONS`) to a sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column as the form shows it.

    column, title: its name in the table, and in words; now: what it says today; value: what the form shows, the
    reader's own where there is one; options: key and word of each choice, none where the reader writes; meant: IRIs of
    the things that it names today; table: name of the table of its keys, empty where it holds none.
    """

    column: str
    title: str
    now: str
    value: str
    options: tuple[tuple[str, str], ...]
    meant: tuple[str, ...]
    table: str


@blueprint.get("/correction")
def correction() -> str:
    """Show the form for a record, and, once it is filled in, the lines to be added or what is wrong with them.

    Where no record is asked for, say how an error is reported, and help to find the designation.
    """
    key = request.args.get("record", "")
    if not key:
        return render_template("correction/reporting.html", report=_report_anything())
    package = data.package()
    found = corrections.known(package, key)
    if found is None:
        abort(404, description=key)
    asked = request.args.get("column", "")
    fields = _fields(package, found)
    if asked and asked not in {field.column for field in fields}:
        abort(404, description=asked)
    proposal = (
        corrections.propose(package, _names(package), found, _given(fields)) if "reason" in request.args else None
    )
    return render_template(
        "correction/correction.html",
        record=f"{THINGS}record/{key}",
        key=key,
        found=found,
        cells=cells(graph(), f"{THINGS}record/{key}"),
        chosen=[field for field in fields if field.column == asked],
        others=[field for field in fields if field.column != asked],
        proposal=proposal,
        report=_report(found, key, proposal) if proposal and proposal.rows and not proposal.complaints else "",
        complaints=_plain(proposal) if proposal else [],
        longest=LONGEST,
    )


def _report(found: Known, key: str, proposal: Proposal) -> str:
    """Return the address that reports a correction with what is known: row, designation, release, lines."""
    designation = found.record["designation_id"]
    body = [
        f"{gettext('Row:')} {THINGS}record/{key}",
        *([f"{gettext('Designation:')} {THINGS}designation/{designation}"] if designation else []),
        _release(),
        "",
        proposal.header,
        proposal.text,
    ]
    return reporting.prepared(gettext("Correction: %(row)s", row=key), "\n".join(body))


def _report_anything() -> str:
    """Return the address that reports anything else."""
    asked = (gettext("Page:"), gettext("What is wrong?"), gettext("Supporting document: title, number, address"))
    return reporting.prepared(gettext("Error on the site"), "\n\n".join((*asked, _release())))


def _release() -> str:
    release = current_app.extensions["guapai"].release
    return gettext("Release %(id)s, data as of %(day)s", id=release.id, day=release.data_as_of)


@blueprint.app_template_global("repairable")
@cached_by_reader
def choices() -> Sequence[tuple[str, str]]:
    """Return the columns that can be corrected with their titles, for the form of a designation or record."""
    titles = graph().columns.title
    return [(column, titles("records", column, language())) for column in corrections.REPAIRED]


def _names(package: Package) -> Names:
    return graph().cached("names of tables", lambda: Names.of(package))


def _fields(package: Package, found: Known) -> list[Field]:
    made = []
    for name_, column in corrections.described(package).items():
        now, target = found.now(name_), column.reference
        base = package.resources[target].base if target else ""
        made.append(
            Field(
                *(name_, column.titles[language()], now, request.args.get(name_, now)[:LONGEST]),
                tuple((word, name(f"{SCHEMES}{column.scheme}/{word}").text) for word in column.values),
                tuple(base + key for key in now.split(";") if key) if target else (),
                target,
            )
        )
    return made


def _given(fields: Sequence[Field]) -> corrections.Given:
    texts = [request.args.get(each, "").strip()[:LONGEST] for each in ("reason", "source", "who", "on")]
    return corrections.Given({field.column: field.value for field in fields}, *texts)


def _plain(proposal: Proposal) -> list[tuple[str, str, str]]:
    """Return each complaint once: column in words, what stands there, and what is wrong with it."""
    columns, own = {row.line: row["column"] for row in proposal.rows}, ("reason", "decided_by", "decided_on")
    titles = graph().columns.title

    def title(complaint: Complaint) -> str:
        if complaint.column in own:
            return titles(corrections.TABLE, complaint.column, language())
        return titles("records", columns[complaint.row], language())

    said = dict.fromkeys(
        (
            title(complaint),
            gettext("nothing") if complaint.found == NOTHING else complaint.found,
            _sentence(complaint.expected),
        )
        for complaint in proposal.complaints
    )
    return list(said)


def _sentence(expected: Expectation) -> str:
    return str(SENTENCES[expected.code]) % dict(expected.parameters)

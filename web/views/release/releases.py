"""History of releases and differences between two of them."""

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request

from kg.errors import GuapaiError, ReleaseError
from kg.release import MANIFEST, Release, diff, open_release
from web.http.language import language
from web.http.language import lazy_gettext as _
from web.http.responses import answer, as_csv, as_json, etag, split_extension

blueprint = Blueprint("releases", __name__)

MAX_DIFFERENCES = 300
"""Differences on a page; CSV and JSON have all."""
WORDS = {
    "programmes": _("Programmes"),
    "designations": _("Designations"),
    "records": _("Records"),
    "findings": _("Findings"),
    diff.CAME: _("added"),
    diff.WENT: _("removed"),
    diff.CHANGED: _("changed"),
}


@blueprint.get("/releases")
@blueprint.get("/releases.<extension>")
def releases(extension: str = "") -> Response:
    """List the releases in the dist folder, latest first."""
    if extension not in ("", "json"):
        abort(404, description="json")
    known = history(served())
    if extension:
        rows = [{"release": found.id, **_summary(found)} for found in known]
        response = answer(as_json({"served": served().id, "releases": rows}), "json")
    else:
        response = make_response(render_template("release/releases.html", releases=known, served=served()))
    response.set_etag(etag("releases", extension, language(), *(found.id for found in known)))
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@blueprint.get("/releases/<early>/<path:late>")
def difference(early: str, late: str) -> Response:
    """Show the differences between two releases, or export them."""
    stem, extension = split_extension(late, ("csv", "json"))
    known = {found.id: found for found in history(served())}
    if early not in known or stem not in known:
        abort(404, description=", ".join(known))
    found = compared(known[early].path, known[stem].path)
    if found is None:
        abort(404, description=f"{early}, {stem}")
    if extension == "csv":
        return answer(as_csv(diff.HEADERS, [each.cells for each in found]), "csv", f"guapai-{early}-{stem}.csv")
    if extension == "json":
        rows = [dict(zip(diff.HEADERS, each.cells, strict=True)) for each in found]
        return answer(as_json({"early": early, "late": stem, "differences": rows}), "json")
    page = render_template(
        "release/difference.html",
        early=known[early],
        late=known[stem],
        counts=diff.count_changes(found),
        parts=diff.PARTS,
        changes=(diff.CAME, diff.WENT, diff.CHANGED),
        differences=found[:MAX_DIFFERENCES],
        total=len(found),
        kinds={"programmes": "programme", "designations": "designation", "records": "record"},
        words=WORDS,
    )
    return make_response(page)


def history(current: Release) -> list[Release]:
    """Return the releases in the dist folder, latest build first."""
    found = []
    for path in current.path.parent.glob(f"*/{MANIFEST}"):
        if path.parent.is_symlink():
            continue
        try:
            found.append((path.stat().st_mtime, open_release(path.parent)))
        except (ReleaseError, OSError):
            continue
    return [release for _, release in sorted(found, key=lambda entry: (-entry[0], entry[1].id))]


@lru_cache(maxsize=32)
def compared(early: Path, late: Path) -> list[diff.Difference] | None:
    """Return the differences of two releases, None where this version cannot read one of them."""
    try:
        return diff.compare(open_release(early), open_release(late))
    except GuapaiError:
        return None


def _summary(release: Release) -> dict[str, object]:
    counts = release.manifest["counts"]
    return {
        "version": release.manifest["version"],
        "data_as_of": str(release.data_as_of),
        "triples": sum(counts["triples"].values()),
        "rows": sum(counts["rows"].values()),
    }


def served() -> Release:
    """Return the release that is served."""
    found: Release = current_app.extensions["guapai"].release
    return found

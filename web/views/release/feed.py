"""`/changes.atom`: a feed (RFC 4287) with an entry for each release and what differs from the one before."""

from datetime import UTC, datetime
from itertools import pairwise

from flask import Blueprint, Response, render_template, request, url_for

from kg.release import MANIFEST, Release, diff
from kg.vocab import BASE
from web.http.language import LANGUAGES, language
from web.http.responses import etag
from web.views.release.releases import compared, history, served

blueprint = Blueprint("feed", __name__)

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
MAX_ENTRIES = 20
MAX_NAMED = 30
"""Differences that an entry names; the page it links to has all."""


@blueprint.get("/changes.atom")
def changes() -> Response:
    """Give the releases, the latest first, each with its differences from the one before."""
    known = history(served())[: MAX_ENTRIES + 1]
    entries = [(late, _moment(late), _differences(early, late), early) for late, early in pairwise(known)]
    first = [(known[-1], _moment(known[-1]), None, None)] if known and len(known) <= MAX_ENTRIES else []
    here = url_for(".changes", _external=True)
    page = render_template(
        "release/changes.xml",
        id=f"{BASE}changes",
        here=here,
        entries=[*entries, *first],
        updated=_moment(known[0]) if known else "1970-01-01T00:00:00Z",
        most=MAX_NAMED,
        summary=diff.summary,
    )
    response = Response(page, content_type=MEDIA_TYPE)
    response.content_language.add(LANGUAGES[language()])
    response.set_etag(etag("changes", language(), here, *(found.id for found in known)))
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _moment(release: Release) -> str:
    """Return when a release was put into place, as RFC 3339; the build itself knows no clock."""
    seconds = (release.path / MANIFEST).stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _differences(early: Release, late: Release) -> list[diff.Difference] | None:
    """Return the differences of two releases, None where one cannot be read by this version."""
    return compared(early.path, late.path)

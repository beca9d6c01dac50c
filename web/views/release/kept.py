"""`/release/<id>/…`: the permanent addresses of a release, so that what was cited stays; today's release redirects.

Every page, list and file of a release beside the served one is shown by the same code, as long as the release is in
the folder of the releases. What only today's release does (queries, matching, reporting) is not kept.
"""

import gc
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request

from kg.cache import Cache
from kg.errors import GuapaiError, ReleaseError
from kg.release import MANIFEST, Release, check, open_release
from web.http.language import gettext as _
from web.http.semantics import PATH_CHARACTERS
from web.middleware.rate_limits import BUFFERED_BYTES
from web.views.release import downloads
from web.views.release.today import today_address

blueprint = Blueprint("kept", __name__)

MAX_OPEN = 2
"""Releases that a process holds open beside the served one; some 120 MB each."""
KEY_PATTERN = re.compile(r"[0-9a-f]{12}")
"""An id of a release; no other text becomes part of a path."""
OF_TODAY = (
    "monitoring",
    "sparql",
    "sparql_page",
    "reconciliation",
    "match",
    "correction",
    "openapi",
    "releases",
    "feed",
    "sitemap",
)
"""Blueprints that only the served release answers."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A release whose manifest is left and nothing else: the day of its data."""

    data_as_of: str


class Kept(Cache):
    """Applications of releases beside the served one, opened on demand; the least recently used are let go."""

    def __init__(self, served: Release, create: Callable[[Release], Flask]) -> None:
        """Open none yet.

        Args:
            served: the release that is served; the others are in the same folder.
            create: makes the application of a release.
        """
        super().__init__(MAX_OPEN)
        self.served, self._create = served, create

    def folder(self, key: str) -> Path:
        """Return the folder of a release by its id."""
        return self.served.path.parent / key

    def release(self, key: str) -> Release | Gone | None:
        """Return a release, what is left of one that was removed, or None where there never was one, or no trace."""
        path = self.folder(key)
        if not KEY_PATTERN.fullmatch(key) or path.is_symlink():
            return None
        try:
            found = open_release(path)
        except ReleaseError:
            return _left(path / MANIFEST)
        return found if found.id == key else None

    def is_open(self, key: str) -> bool:
        """Return whether a release is open, so that it answers at once."""
        return self.get(key) is not None

    def application(self, release: Release) -> Flask:
        """Return the application of a release.

        Raises:
            GuapaiError: it is damaged, or this version cannot read it.
        """
        return self.cached(release.id, lambda: self._open(release))

    def _open(self, release: Release) -> Flask:
        check(release)
        made = self._create(release)
        gc.collect()  # one that was let go holds files and memory until then
        return made


def _left(manifest: Path) -> Gone | None:
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))
        return Gone(str(told["data_as_of"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def init_app(app: Flask, kept: Kept | None, today: Flask | None) -> None:
    """Let an application find other releases, or, where it is one of them, today's.

    Args:
        app: the application.
        kept: the other releases, None where the application is one of them.
        today: the application of the served release, None where it is this one.
    """
    app.extensions["guapai_kept"], app.extensions["guapai_today"] = kept, today
    if today is None:
        return
    served = today.extensions["guapai"].release
    app.extensions["guapai_tag"] += f"-{served.id}"

    @app.before_request
    def _leave_to_today() -> None:
        if request.blueprint in OF_TODAY:
            abort(404, description=_("Only the release of today answers here: %(address)s", address=today_address()))

    @app.after_request
    def _name_today(response: Response) -> Response:
        if response.status_code in (200, 206):
            response.headers.add("Link", f'<{today_address()}>; rel="latest-version"')
        return response


@blueprint.get("/release/<key>/")
@blueprint.get("/release/<key>/<path:path>")
def release(key: str, path: str = "") -> Response:
    """Answer as the application of a release does, or redirect where it is the one that is served."""
    if key == current_app.extensions["guapai"].release.id:
        return _redirected(path)
    found = _found(key)
    try:
        application = _kept().application(found)
    except GuapaiError as error:
        sentence = _(
            "This version of Guapai cannot show the release %(id)s any more; its files are at %(files)s.",
            id=key,
            files=f"/release/{key}/downloads/SHA256SUMS",
        )
        current_app.logger.warning("release %s: %s", key, error)
        abort(410, description=sentence)
    return _answer(application)


@blueprint.get("/release/<key>/downloads/<path:path>")
def file(key: str, path: str) -> Response:
    """Serve a file of a release, which need not be opened for it."""
    if key == current_app.extensions["guapai"].release.id:
        return _redirected(f"downloads/{path}")
    return downloads.send(_found(key), path)


def _answer(application: Flask) -> Response:
    """Return what another application answers to this request; limits, log and figures are those of this one."""
    response = cast("Response", Response.from_app(application, request.environ))
    size = response.content_length
    if response.mimetype == "text/html" or (size is not None and size <= BUFFERED_BYTES):
        response.make_sequence()
    return response


def _redirected(path: str) -> Response:
    """Redirect to today's address, for now: when another release is served, this one answers here."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    to = f"{request.root_path}{current_app.extensions['guapai'].prefix}/{path}"
    response: Response = redirect(quote(to, safe=PATH_CHARACTERS) + query, 307, Response)  # type: ignore[assignment]
    response.headers["Cache-Control"] = "no-cache"
    return response


def _kept() -> Kept:
    kept: Kept | None = current_app.extensions["guapai_kept"]
    if kept is None:
        abort(404, description=_("Only the release of today answers here: %(address)s", address=today_address()))
    return kept


def _found(key: str) -> Release:
    kept = _kept()
    found = kept.release(key)
    if isinstance(found, Gone):
        sentence = _(
            "The release %(id)s (data as of %(day)s) is no longer on this server; today's is %(today)s.",
            id=key,
            day=found.data_as_of,
            today=kept.served.id,
        )
        abort(410, description=sentence)
    if found is None:
        sentence = _("This server has no release %(id)s; today's is %(today)s.", id=key, today=kept.served.id)
        abort(404, description=sentence)
    return found

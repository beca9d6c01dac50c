"""Files of the release with sizes and checksums."""

import base64

from flask import Blueprint, Response, abort, current_app, render_template, send_file

from kg.errors import REMEDY, ReleaseError
from kg.release import Release
from kg.release.catalogue import media_type
from kg.vocab import THINGS
from web.http.responses import FORMATS, ranged

blueprint = Blueprint("downloads", __name__)

FOLDERS = ("graphs", "tables", "ontology", "report", "maps")
"""Folders of a release in display order."""
RECORDS = "graphs/records/"
"""Folder of the records, a file for each table."""
CHECKSUMS = "SHA256SUMS"
"""All checksums in the format of `sha256sum --check`."""


@blueprint.get("/downloads")
def downloads() -> str:
    """List the files by folder."""
    files = _release().manifest["files"]
    folders = [
        (folder, [(path, entry) for path, entry in sorted(files.items()) if path.startswith(f"{folder}/")])
        for folder in FOLDERS
    ]
    return render_template(
        "release/downloads.html",
        folders=folders,
        counts=_release().manifest["counts"],
        formats=FORMATS,
        table=lambda path: THINGS + "table/" + path.removeprefix(RECORDS).removesuffix(".nt"),
        records=RECORDS,
    )


@blueprint.get("/downloads/<path:path>")
def file(path: str) -> Response:
    """Serve a file that the manifest names, with ranges and digest."""
    return send(_release(), path)


def send(release: Release, path: str) -> Response:
    """Return a file of a release that its manifest names, or all checksums; 404 for others.

    Raises:
        ReleaseError: a part of the file is not there.
    """
    files = release.manifest["files"]
    if path == CHECKSUMS:
        sums = "".join(f"{entry['sha256']}  {name}\n" for name, entry in sorted(files.items()))
        return Response(sums, content_type="text/plain; charset=utf-8")
    entry = files.get(path)
    if entry is None:
        abort(404, description=path)
    if (release.path / path).stat().st_size != entry["bytes"]:
        raise ReleaseError(f"{path} has not the size that the manifest says; {REMEDY}")
    response = send_file(
        release.path / path,
        mimetype=media_type(path),
        as_attachment=True,
        etag=entry["sha256"],
        conditional=False,
    )
    # The address names no release: caches revalidate by checksum, because an older release may return.
    for header in ("Expires", "Last-Modified"):
        response.headers.pop(header, None)
    response.headers["Cache-Control"] = "no-cache"
    response = ranged(response, entry["bytes"])
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(entry['sha256'])}:"
    return response


def _release() -> Release:
    release: Release = current_app.extensions["guapai"].release
    return release


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()

"""Browser libraries installed by npm, served from node_modules."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory, url_for

blueprint = Blueprint("assets", __name__)

MODULES = Path(__file__).parents[2] / "node_modules"
LIBRARIES = {
    "yasqe.js": ("@zazuko/yasqe", "build/yasqe.min.js"),
    "yasqe.css": ("@zazuko/yasqe", "build/yasqe.min.css"),
    "cytoscape.js": ("cytoscape", "dist/cytoscape.min.js"),
}
"""File name in the address to package and path; nothing else is served."""
MAX_AGE_SECONDS = 31_536_000
"""Cache lifetime of files with a version in the address."""


def libraries() -> dict[str, str]:
    """Return the addresses of the installed libraries by name; empty without `npm ci`."""
    return {
        file: url_for("assets.library", file=file, v=version, lang=None)
        for file in LIBRARIES
        if (version := _version(file))
    }


@blueprint.get("/library/<file>")
def library(file: str) -> Response:
    """Serve a library file."""
    if file not in LIBRARIES or not _version(file):
        abort(404, description=file)
    package, path = LIBRARIES[file]
    response = send_from_directory(MODULES / package, path, max_age=MAX_AGE_SECONDS)
    response.cache_control.immutable = True
    return response


@cache
def _version(file: str) -> str:
    """Return the version of a library, empty if not installed."""
    package, path = LIBRARIES[file]
    manifest = MODULES / package / "package.json"
    if not manifest.is_file() or not (MODULES / package / path).is_file():
        return ""
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])

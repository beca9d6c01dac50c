"""The table of coverage gaps on a day."""

from flask import Response

from web.lists import views
from web.lists.registers import GAPS

blueprint = views.blueprint
"""All lists are one blueprint."""


@blueprint.get("/gaps")
@blueprint.get("/gaps.<extension>")
def gaps(extension: str = "") -> Response:
    """Show the programmes that the areas of strategies lack, or give the whole of it as data."""
    return views.show(GAPS, extension, template="lists/gaps.html")

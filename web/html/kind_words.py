"""Names of the kinds of things that are searched and matched by name."""

from web.http.language import lazy_gettext as _

KINDS = {
    "place": _("Place"),
    "former-place": _("Former division"),
    "programme": _("Programme"),
    "region": _("Region"),
    "authority": _("Authority"),
    "purpose": _("Purpose"),
    "field": _("Field"),
    "position": _("Position"),
    "carrier": _("Carrier"),
    "designation": _("Designation"),
    "strategy": _("Strategy"),
    "cluster": _("Science cluster"),
    "indicator": _("Indicator"),
    "table": _("Table"),
    "source": _("Document"),
    "claim": _("Claim"),
}
"""Kind, as in the search index, to its name in the language of the reader."""

"""How findings are spoken of: titles, sentences made from their factors, and what each factor and mark means."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from kg.findings import engine
from kg.findings.finding import Finding
from kg.vocab import SCHEMES, TERMS, THINGS
from web.language import language
from web.names import brief, name

GROUPS = {
    "place": THINGS + "place/",
    "purpose_group": SCHEMES + "purpose/",
    "ministry": THINGS + "authority/",
    "carrier": THINGS + "carrier/",
    "programme": THINGS + "programme/",
    "one": THINGS + "programme/",
    "other": THINGS + "programme/",
    "region": THINGS + "region/",
    "strategy": THINGS + "strategy/",
    "field": SCHEMES + "field/",
    "position": SCHEMES + "position/",
}
"""What the group of a finding is made of, by name, to the beginning of its IRI; anything else is a phrase."""

FACTORS = {
    "observed": (_("observed"), _("Units in the province that have this whole combination of programmes.")),
    "expected": (
        _("expected"),
        _("As many would have it if each programme kept its number of units but lay in them by chance."),
    ),
    "units": (_("units"), _("Units of this level in the province, among which chance is measured.")),
    "probability": (
        _("probability"),
        _("Of at least as many units as observed, by chance alone (hypergeometric, margins fixed)."),
    ),
    "surprise": (
        _("surprise"),
        _("−log10 of the probability, at most 6, divided by 6: 0 is what chance gives, 1 is under one in a million."),
    ),
    "likeness": (
        _("likeness of purposes"),
        _("Jaccard index of the purposes of two programmes, mean over the pairs of plates; secondary ones count half."),
    ),
    "field_agreement": (
        _("agreement of fields"),
        _("1 with a common field, 0.5 where a side states none or only a wide one is common, less where they differ."),
    ),
    "certainty": (
        _("certainty of the meeting"),
        _("1 within one county-level unit, 0.6 where one plate is the whole prefecture."),
    ),
    "seriousness": (_("seriousness"), _("Mean over the pairs of likeness × agreement of fields × certainty.")),
    "pairs": (_("pairs"), _("Pairs of plates over which the means are taken.")),
    "programmes": (
        _("programmes counted"),
        _("Programmes of the one ministry, without those that are part of another."),
    ),
    "strands": (
        _("strands"),
        _("Groups of programmes here that overlaps tie together; chance is measured for the one that scores highest."),
    ),
}
"""Factor to its name and its meaning, in the order in which they are shown."""

CERTAINTIES = {
    "same": (_("same"), _("Within one county-level unit.")),
    "covers": (_("covers"), _("One of the plates is the whole prefecture.")),
    "possible": (_("possible"), _("Somewhere in the prefecture; the county is not known. Neither ranked nor mapped.")),
}
MARKS = {
    "mandate-lapsed": (
        _("mandate lapsed"),
        _("The mandate or rule has ended and no other is known; the plates keep the last body that administered them."),
    ),
    "undated": (_("undated"), _("A plate without a stated date counts from the year of the list that names it.")),
}


def class_of(kind: str) -> str:
    """Return the IRI of the class of a kind of findings."""
    return TERMS + engine.KINDS[kind].term


def iri(kind: str, key: str) -> str:
    """Return the IRI of a thing by kind and key."""
    return f"{THINGS}{kind}/{key}"


def called(kind: str, key: str) -> str:
    """Return the name of a thing by kind and key in the reader's language."""
    return name(iri(kind, key)).text


def parts(group: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return what a group is made of as name of the part, IRI (empty for a phrase) and text for the reader."""
    found = []
    for part, keys in group.items():
        for key in keys.split(";"):
            thing = GROUPS[part] + key if part in GROUPS else ""
            text = brief(thing) if part == "ministry" else name(thing).text if thing else key
            found.append((part, thing, text))
    return found


def title(group: Mapping[str, str]) -> str:
    """Return what a finding is called: where, and what for."""
    first, *rest = [text for _part, _thing, text in parts(group)] or ["?"]
    return str(gettext("%(where)s: %(what)s", where=first, what=listed(rest))) if rest else first


def listed(texts: Iterable[str]) -> str:
    """Return texts as a list within a sentence."""
    return comma().join(texts)


def comma() -> str:
    """Return what stands between the parts of a list."""
    return "、" if language() == "zh" else ", "


def said(found: Finding) -> list[str]:
    """Return one or two sentences that say what a finding indicates, from its members and factors."""
    place = name(GROUPS["place"] + found.group["place"]).text if "place" in found.group else ""
    purpose = (
        name(GROUPS["purpose_group"] + found.group["purpose_group"]).text if "purpose_group" in found.group else ""
    )
    words = {
        "place": place,
        "purpose": purpose,
        "ministries": listed(brief(iri("authority", key)) for key in found.ministries),
        "programmes": listed(called("programme", key) for key in found.programmes),
        "count": len(found.members),
    }
    if found.kind == "territorial" and found.ranked:
        first = gettext(
            "%(count)s plates of different ministries (%(ministries)s) lie together in %(place)s and share a purpose "
            "of the group “%(purpose)s”: %(programmes)s.",
            **words,
        )
    elif found.kind == "territorial":
        first = gettext(
            "%(count)s plates of different ministries (%(ministries)s) share a purpose of the group “%(purpose)s” and "
            "may lie together in %(place)s, but of at least one the county is not known: %(programmes)s.",
            **words,
        )
    elif found.kind == "stacking":
        first = gettext(
            "One ministry alone (%(ministries)s) hangs %(count)s plates of the group “%(purpose)s” in %(place)s: "
            "%(programmes)s.",
            **words,
        )
    else:
        first = gettext("%(count)s plates (%(ministries)s) lie together: %(programmes)s.", **words)
    return [first, *_chance(found)]


def _chance(found: Finding) -> list[str]:
    if "observed" not in found.factors or "units" not in found.factors:
        return []
    return [
        gettext(
            "Of %(units)s units of this level in the province, %(observed)s have this combination; by chance "
            "%(expected)s would.",
            units=f"{found.factors['units']:.0f}",
            observed=f"{found.factors['observed']:.0f}",
            expected=amount(found.factors["expected"]),
        )
    ]


def amount(number: float) -> str:
    """Return a number with two digits that say something; a tiny one as such."""
    if number == int(number) and number < 1e6:
        return f"{int(number)}"
    if abs(number) >= 10:
        return f"{number:.0f}"
    return f"{number:.2g}" if abs(number) >= 0.001 else "< 0.001"


def score(number: float) -> str:
    """Return a score with three decimals; never a negative nought."""
    return f"{abs(number):.3f}"


def odds(probability: float) -> str:
    """Return a probability as people say it, such as 1 in 580."""
    if probability <= 0:
        return str(gettext("under 1 in 1,000,000"))
    if probability > 0.5:
        return f"{probability:.2f}"
    return str(gettext("1 in %(count)s", count=f"{round(1 / probability):,}"))


def period(first: date | None, last: date | None) -> str:
    """Return the year, month or day that two days enclose, empty where neither is known."""
    if first is None or last is None:
        return str(first or last or "")
    if first == last:
        return str(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return f"{first:%Y}" if first.year == last.year else f"{first:%Y-%m} – {last:%Y-%m}"

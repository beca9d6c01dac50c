"""Findings in words: titles, sentences, labels of factors and marks."""

from collections.abc import Iterable, Mapping
from datetime import date

from kg.analysis.findings import find
from kg.analysis.findings import strength as strengths
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.rdf import FACTORS
from kg.analysis.findings.sentences import sentences
from kg.analysis.findings.titles import point
from kg.analysis.labels import Labels
from kg.vocab import SCHEMES, TERMS, THINGS
from web.data import computed
from web.graph.labels import brief, name
from web.http.language import gettext, language
from web.http.language import lazy_gettext as _

GROUPS = {
    "place": THINGS + "place/",
    "purpose_group": SCHEMES + "purpose/",
    "ministry": THINGS + "authority/",
    "carrier": THINGS + "carrier/",
    "programme": THINGS + "programme/",
    "one": THINGS + "programme/",
    "other": THINGS + "programme/",
    "region": THINGS + "region/",
    "field": SCHEMES + "field/",
    "position": SCHEMES + "position/",
}
"""Part of a finding's group to the IRI prefix of its keys; other parts are texts."""

UNITS = {"county": _("in counties"), "carrier": _("on carriers")}
"""Unit in which programmes are counted together, in words."""

COUNTED = {
    "designation": _("%(count)s designations"),
    "programme": _("%(count)s programmes"),
    "positioning": _("%(count)s claims to a position"),
    "record": _("%(count)s records"),
}
"""Kind of a finding's members to their count in words."""


def class_of(kind: str) -> str:
    """Return the IRI of the class of a kind of findings."""
    return TERMS + find.KINDS[kind].term


def iri(kind: str, key: str) -> str:
    """Return the IRI of a thing by kind and key."""
    return f"{THINGS}{kind}/{key}"


def called(kind: str, key: str) -> str:
    """Return the label of a resource by kind and key."""
    return name(iri(kind, key)).text


def members_of(kind: str) -> str:
    """Return the kind of the members of a kind of findings."""
    return find.KINDS[kind].members


def member_count(found: Finding) -> str:
    """Return the number of members in words."""
    kind = members_of(found.kind)
    return str(COUNTED.get(kind, COUNTED["record"])) % {"count": len(found.members)}


def property_of(factor: str) -> str:
    """Return the IRI of the property of a factor, empty if there is none."""
    return TERMS + FACTORS[factor].removeprefix("gp:") if factor in FACTORS else ""


def parts(group: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the parts of a group: name, IRI (empty for a text), label."""
    found = []
    for part, keys in group.items():
        for key in keys.split(";"):
            thing = GROUPS[part] + key if part in GROUPS else ""
            found.append((part, thing, _part(part, key, thing)))
    return found


def _part(part: str, key: str, thing: str) -> str:
    if part == "unit":
        return str(UNITS.get(key, key))
    if part in ("carrier", "topic") and language() == "en":
        return _labels().of(part, key)[1]
    return brief(thing) if part == "ministry" else name(thing).text if thing else key


def title(found: Finding) -> str:
    """Return the title of a finding: the point; else where and what for, compared programmes joined by ×."""
    if said := point(found, _labels()):
        return said[language() == "en"]
    by_part: dict[str, list[str]] = {}
    for part, _thing, text in parts(found.group):
        by_part.setdefault(part, []).append(text)
    if found.kind == "duplicate":
        by_part["member"] = [" × ".join(called(members_of(found.kind), member) for member in found.members)]
    joined = [(" × " if part == "programme" else comma()).join(texts) for part, texts in by_part.items()]
    first, *rest = joined or ["?"]
    return gettext("%(where)s: %(what)s", where=first, what=listed(rest)) if rest else first


def beside(found: Finding, other: Finding) -> str:
    """Return what another finding with the same members is: its kind, else what distinguishes its group."""
    kind = name(class_of(other.kind)).text
    differing = [text for part, _thing, text in parts(other.group) if found.group.get(part) != other.group[part]]
    return kind if other.kind != found.kind else listed(differing) or kind


def listed(texts: Iterable[str]) -> str:
    """Join texts within a sentence."""
    return comma().join(texts)


def table_label(heading: str) -> str:
    """Return the accessible name of the table under a heading, distinct from that of its section."""
    return gettext("Table: %(heading)s", heading=heading)


def comma() -> str:
    """Return the list separator of the language."""
    return "、" if language() == "zh" else ", "


def statement(found: Finding) -> str:
    """Return the sentences that describe a finding."""
    chinese, english = sentences(found, _labels())
    return chinese if language() == "zh" else english


def _labels() -> Labels:
    made = computed()
    return made.cached("labels", lambda: Labels(made.columns))


def counts(found: Finding) -> str:
    """Return the numbers behind the order of a finding with a strength in words."""
    return strengths.counts(found)[language() == "en"]


def amount(number: float) -> str:
    """Return a number with two significant digits."""
    if number == int(number) and number < 1e6:
        return f"{int(number)}"
    if abs(number) >= 10:
        return f"{number:.0f}"
    return f"{number:.2g}" if abs(number) >= 0.001 else "< 0.001"


def score(number: float) -> str:
    """Return a score with three decimals, never “-0.000”, nor 0 for small ones."""
    return "< 0.001" if 0 < number < 0.0005 else f"{abs(number):.3f}"


def odds(probability: float) -> str:
    """Return a probability as odds, such as 1 in 580."""
    if probability < 1e-6:
        return gettext("less than 1 in 1,000,000")
    if probability > 0.5:
        return f"{probability:.2f}"
    return gettext("1 in %(count)s", count=f"{round(1 / probability):,}")


def period(first: date | None, last: date | None) -> str:
    """Return the year, month or day that encloses two days, empty if unknown."""
    if first is None or last is None:
        return str(first or last or "")
    if first == last:
        return str(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return f"{first:%Y}" if first.year == last.year else f"{first:%Y-%m} – {last:%Y-%m}"

"""Titles of findings in Chinese and English: of the group, valid on every day, and of what there is on a day."""

from collections.abc import Iterable, Mapping

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.analysis.labels import MAX_LISTED, Labels, Name

TITLES: Mapping[str, Name] = {
    "TerritorialOverlap": ("地域重叠", "territorial overlap"),
    "ThematicOverlap": ("主题重叠", "thematic overlap"),
    "CarrierOverlap": ("载体重叠", "carrier overlap"),
    "Stacking": ("同部叠加", "stacking"),
    "ProgrammeOverlap": ("牌子类型重叠", "programme overlap"),
    "PossibleDuplicate": ("疑似重复", "possible duplicate"),
    "PositioningOverlap": ("定位重叠", "positioning overlap"),
}
"""Class in the ontology to its label."""
DUPLICATE = "PossibleDuplicate"
"""The kind whose title names its two members instead of a place."""

POINTS: Mapping[str, Name] = {
    "territorial": (
        "{where}：{count}块{purpose}牌子，{number}个部委（{ministries}）",
        "{where}: {count} designations for {purpose} of {number} ministries ({ministries})",
    ),
    "topic": (
        "{where}：{count}块“{topic}”牌子，{number}个部委（{ministries}）",
        "{where}: {count} designations on {topic} of {number} ministries ({ministries})",
    ),
    "carrier": (
        "{where}：{count}块名称相近的牌子，{number}个部委（{ministries}）",
        "{where}: {count} designations with look-alike names of {number} ministries ({ministries})",
    ),
    "stacking": (
        "{where}：{ministries}一家{count}块{purpose}牌子，{programmes}种",
        "{where}: {count} designations of {programmes} programmes for {purpose}, all of {ministries}",
    ),
}
"""Kind, or `topic` of thematic and carrier findings on one, to the title that carries the point."""


def group_title(finding: Finding, labels: Labels) -> Name:
    """Return the title of the group and kind of a finding; the same on every day."""
    found = find.KINDS[finding.kind]
    kind = TITLES.get(found.term, (finding.kind, finding.kind))
    parts = [named(name, keys, labels) for name, keys in finding.group.items()]
    if found.term == DUPLICATE:
        parts.append(labels.listed(found.members, finding.members))
    chinese = "·".join(part[0] for part in parts) + "：" + kind[0]
    english = " · ".join(part[1] for part in parts) + ": " + kind[1]
    return _marked((chinese, english), finding)


def title(finding: Finding, labels: Labels) -> Name:
    """Return the title of a finding on its day: where, how many designations for what, of whom."""
    return point(finding, labels) or group_title(finding, labels)


def subject(finding: Finding, labels: Labels) -> tuple[Name, Name]:
    """Return where a finding is (place, carrier or region, if any) and what else tells it from others of its kind."""
    parts = {name: named(name, keys, labels) for name, keys in finding.group.items() if name != "ministry"}
    if find.KINDS[finding.kind].term == DUPLICATE:
        parts["member"] = labels.listed(find.KINDS[finding.kind].members, finding.members)
    where = next((parts.pop(name) for name in ("place", "carrier", "region") if name in parts), ("", ""))
    return where, ("·".join(name[0] for name in parts.values()), " · ".join(name[1] for name in parts.values()))


def point(finding: Finding, labels: Labels) -> Name | None:
    """Return the title that carries the point; None for kinds that are told by their group alone."""
    known = POINTS.get("topic" if "topic" in finding.group else finding.kind)
    if known is None:
        return None
    group = finding.group
    purpose = labels.of("purpose", group["purpose_group"]) if "purpose_group" in group else ("", "")
    words: Mapping[str, Name] = {
        "where": named("carrier" if "carrier" in group else "place", group.get("carrier") or group["place"], labels),
        "count": (str(len(finding.members)),) * 2,
        "purpose": (purpose[0], _lower(purpose[1])),
        "topic": named("topic", group["topic"], labels) if "topic" in group else ("", ""),
        "number": (str(len(finding.ministries)),) * 2,
        "ministries": _brief(finding.ministries, labels),
        "programmes": (str(len(finding.programmes)),) * 2,
    }
    return _marked(filled(known, words), finding)


def _marked(words: Name, finding: Finding) -> Name:
    return words if finding.ranked else (f"{words[0]}（可能）", f"{words[1]} (possible)")


def _brief(authorities: Iterable[str], labels: Labels) -> Name:
    """Return the short names of bodies, at most `MAX_LISTED`."""
    names = [labels.brief(authority) for authority in authorities]
    left = len(names) - MAX_LISTED
    chinese, english = ([name[at] for name in names[:MAX_LISTED]] for at in (0, 1))
    return (
        "、".join(chinese) + ("等" if left > 0 else ""),
        ", ".join(english) + (f" and {left} more" if left > 0 else ""),
    )


def _lower(label: str) -> str:
    """Return an English label within a sentence: its first letter small, unless it begins with an acronym."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def named(name: str, keys: str, labels: Labels) -> Name:
    """Return the labels of the keys in one dimension of a group."""
    if name == "place":
        return labels.place(keys)
    kind = {"purpose_group": "purpose", "ministry": "authority"}.get(name, name)
    return labels.listed(kind, keys.split(";"))


def filled(template: Name, words: Mapping[str, Name]) -> Name:
    """Return a template of either language with its placeholders filled."""
    chinese, english = ({name: word[language] for name, word in words.items()} for language in (0, 1))
    return template[0].format_map(chinese), template[1].format_map(english)

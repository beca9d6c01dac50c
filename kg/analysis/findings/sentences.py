"""Sentences of findings in Chinese and English, generated from their factors."""

from collections.abc import Iterator, Mapping

from kg.analysis.findings import find, strength
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.titles import DUPLICATE, filled, named
from kg.analysis.labels import Labels, Name

OPENINGS: Mapping[str, Name] = {
    "TerritorialOverlap": (
        "{place}有{ministries}的{count}块牌子（{programmes}）{lie}，共有“{purpose}”这一目的。",
        "In {place}, {count} designations of {ministries} ({programmes}) {lie} and share the purpose “{purpose}”.",
    ),
    "ThematicOverlap": (
        "{where}有{ministries}的{count}块牌子（{programmes}）共有“{topic}”这一主题。",
        "At {where}, {count} designations of {ministries} ({programmes}) share the topic “{topic}”.",
    ),
    "CarrierOverlap": (
        "{carrier}挂有{ministries}的{count}块牌子（{programmes}），{shared}。",
        "{carrier} holds {count} designations of {ministries} ({programmes}), which {shared}.",
    ),
    "Stacking": (
        "{ministry}一家在{place}挂了{number}种牌子（{programmes}），都以“{purpose}”为主要目的，共{count}块。",
        "In {place}, {ministry} alone has {count} designations of {number} programmes ({programmes}) for “{purpose}”.",
    ),
    "ProgrammeOverlap": (
        "{programmes}（主管：{ministries}）有共同目的，且在{unit}上同现多于随机预期。",
        "{programmes} ({ministries}) share a purpose, and share {unit} more often than by chance.",
    ),
    "PossibleDuplicate": (
        "{members}可能是同一块牌子的两种写法。",
        "{members} may be one designation in two spellings.",
    ),
    "PositioningOverlap": (
        "{members}共有“{position}”这一定位。",
        "{members} share the position “{position}”.",
    ),
}
"""Class in the ontology to the opening sentence; other kinds have only title and numbers."""

POSSIBLE = (
    "其中部分牌子只知所在地级单位、不知所在县，是否同处一地无法确定，故单列、不计分。",
    "For some, only the prefecture is known, so they may not share a place; listed separately, without a score.",
)
UNDECIDED = (
    "是否为同一块牌子尚无法断定，有待裁定，故单列、不计分。",
    "Whether they are one designation is undecided; listed separately, without a score.",
)
COVERING = ("territorial", "stacking")
"""Kinds whose designations may be titles of a whole prefecture; a topic in a prefecture is on several carriers."""
COVERS = ("其中有的覆盖整个地级单位。", "One of them covers the whole prefecture.")
INFERRED = ("部分主管部门系推断。", "Some of the mandates are inferred.")
CHANCES: Mapping[str, Name] = {
    "province": (
        "{province}{units}个同级单位中，{observed}个兼有{combination}，随机预期{expected}个。",
        "{observed} of {units} units of that level in {province} {hold} {combination}; chance predicts {expected}.",
    ),
    "topic on prefectures": (
        "全国{units}个地级单位中，{observed}个的{combination}都有这一主题的牌子，随机预期{expected}个。",
        "{observed} of {units} prefecture-level units {hold} {combination} on this topic; chance predicts {expected}.",
    ),
    "topic on carriers": (
        "已收录的{units}个机构载体中，{observed}个的{combination}都有这一主题的牌子，随机预期{expected}个。",
        "{observed} of {units} known organisations {hold} {combination} on this topic; chance predicts {expected}.",
    ),
    "carriers": (
        "已收录的{units}个机构载体中，{observed}个兼有{combination}，随机预期{expected}个。",
        "{observed} of {units} known organisations {hold} {combination}; chance predicts {expected}.",
    ),
    "programmes in counties": (
        "全国可设牌的{unit}共{units}个，其中{observed}个两者都有；按各省内随机分布，随机预期{expected}个。",
        "{observed} of {units} eligible {unit} in the country {hold} both; chance by province predicts {expected}.",
    ),
    "programmes on carriers": (
        "已收录的{units}个机构载体中，{observed}个两者都有；按各省内随机分布，随机预期{expected}个。",
        "{observed} of {units} known organisations {hold} both; chance within each province predicts {expected}.",
    ),
}
"""Units among which observed and expected numbers are counted, to the sentence that says so."""

LOOK_ALIKE = ("名称相近而归属不同", "look alike by name")
NO_PURPOSE = ("未定", "not stated")
MIN_EXPECTED = 0.001
"""Smaller expected numbers are printed as less than this."""
REMARKS: Mapping[str, Name] = {
    "mandate-lapsed": (
        "部分职权已终止，牌子仍计入最后的主管部门。",
        "Some mandates have ended; their designations stay with the last ministry responsible.",
    ),
    "by-national-design": (
        "这一定位由国家规划赋予，不计分。",
        "It is assigned by national design and carries no weight.",
    ),
    "one-facility": (
        "其中有两块挂在同一载体、同一地点、同一主题上：一个设施，两块牌子。",
        "Two of them have one carrier, place and topic: one facility, two designations.",
    ),
    "undated": (
        "部分牌子日期不详，自其名单所属年份起算。",
        "Some designations are undated and count from the year of the list that names them.",
    ),
}
"""Mark to its caveat."""


def sentences(finding: Finding, labels: Labels) -> Name:
    """Return the sentences of a finding: what is shared, observed and expected numbers, and caveats."""
    parts = list(_parts(finding, labels))
    return "".join(part[0] for part in parts), " ".join(part[1] for part in parts)


def _parts(finding: Finding, labels: Labels) -> Iterator[Name]:
    words = _words(finding, labels)
    opening = OPENINGS.get(find.KINDS[finding.kind].term)
    if opening:
        yield filled(opening, words)
    yield from _chance(finding, labels)
    if finding.subtracted:
        number = len(finding.subtracted)
        yield (
            f"另有{number}对依制度设计相关，已排除。",
            f"{number} pair{'s are' if number > 1 else ' is'} related by design and excluded.",
        )
    if not finding.ranked:
        yield UNDECIDED if find.KINDS[finding.kind].term == DUPLICATE else POSSIBLE
    elif finding.certainty == "covers" and finding.kind in COVERING:
        yield COVERS
    if finding.rests_on_inferred:
        yield INFERRED
    yield from (REMARKS[mark] for mark in finding.marks if mark in REMARKS)
    if finding.strength:
        yield strength.sentence(finding)
        yield from _qualifying(finding, labels)


def _qualifying(finding: Finding, labels: Labels) -> Iterator[Name]:
    """Yield which pairs of programmes have the strength, where others only meet there."""
    if len(finding.qualifying) < len(finding.overlaps):
        named_pairs = [[labels.of("programme", key) for key in pair] for pair in finding.qualifying]
        yield (
            f"符合条件的是{'、'.join(f'“{one[0]}”与“{other[0]}”' for one, other in named_pairs)}。",
            f"Qualifying: {'; '.join(f'{one[1]} with {other[1]}' for one, other in named_pairs)}.",
        )


def _chance(finding: Finding, labels: Labels) -> Iterator[Name]:
    """Yield the sentence on the observed and expected numbers of units, and among which units they are counted."""
    factors = finding.factors
    if not factors.keys() >= {"observed", "expected", "units"}:
        return
    province = labels.province(finding.group["place"]) if "place" in finding.group else ("", "")
    words: dict[str, Name] = {
        "observed": (f"{factors['observed']:.0f}",) * 2,
        "hold": ("", "holds" if round(factors["observed"]) == 1 else "hold"),
        "expected": _rounded(factors["expected"]),
        "units": (f"{factors['units']:.0f}",) * 2,
        "province": province,
        "unit": named("unit", finding.group["unit"], labels) if "unit" in finding.group else ("", ""),
        "combination": _combination(finding, labels),
    }
    yield filled(CHANCES[_scope(finding)], words)


def _combination(finding: Finding, labels: Labels) -> Name:
    """Return the programmes whose meeting is counted: all of the finding, or those of one strand."""
    if finding.strand and finding.strand != finding.programmes:
        return labels.listed("programme", finding.strand, unit="种")
    return "这些牌子类型", "all of these programmes"


def _scope(finding: Finding) -> str:
    """Return the key in `CHANCES` of the units among which a finding is counted."""
    term = find.KINDS[finding.kind].term
    if term in {"TerritorialOverlap", "Stacking"}:
        return "province"
    if term == "ProgrammeOverlap":
        return "programmes in counties" if finding.group["unit"] == "county" else "programmes on carriers"
    return ("topic on " if "topic" in finding.group else "") + (
        "carriers" if "carrier" in finding.group else "prefectures"
    )


def _rounded(number: float) -> Name:
    if number < MIN_EXPECTED:
        return f"不足{MIN_EXPECTED}", f"less than {MIN_EXPECTED}"
    return f"约{number:.2g}", f"{number:.2g}"


def _words(finding: Finding, labels: Labels) -> Mapping[str, Name]:
    """Return the values of the placeholders in the openings."""
    group, count = finding.group, len(finding.members)
    kind = find.KINDS[finding.kind]
    topic = named("topic", group["topic"], labels) if "topic" in group else None
    shared = (f"共有“{topic[0]}”这一主题", f"share the topic “{topic[1]}”") if topic else LOOK_ALIKE
    words = {name: named(name, keys, labels) for name, keys in group.items()}
    return {
        "lie": ("同处一地", "share a place") if finding.ranked else ("或许同处一地", "may share a place"),
        "ministries": labels.listed("authority", finding.ministries, article="the "),
        "programmes": labels.listed("programme", finding.programmes, unit="种"),
        "members": labels.listed(kind.members, finding.members, unit="条"),
        "count": (str(count), str(count)),
        "number": (str(len(finding.programmes)),) * 2,
        "shared": shared,
        "where": words.get("carrier") or words.get("place") or ("一地", "one place"),
        "purpose": words.get("purpose_group", NO_PURPOSE),
        **words,
        "ministry": labels.listed("authority", group.get("ministry", "").split(";"), article="the "),
    }

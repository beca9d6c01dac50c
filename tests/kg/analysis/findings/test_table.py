"""Lists, comparisons and triples of findings, on a small world."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from findings_world import Designation, world

from kg.analysis.findings import find, table
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.rdf import triples
from kg.analysis.findings.sentences import sentences
from kg.analysis.findings.titles import title
from kg.analysis.labels import Labels
from kg.errors import QueryError
from kg.release import Release
from kg.release.columns import Columns

TODAY = date(2024, 1, 1)
PINGGU, KUNSHAN, CHANGSHU, SUZHOU = "110117", "320583", "320581", "320500"


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    """A district that the reform tidied, a county with a zone of 2023, and one with a zone that ended in 2023."""
    designations = [
        Designation("science-park", "agri-sci-park", (PINGGU,)),
        Designation("modern-park", "modern-agri-industrial-park", (PINGGU,)),
        Designation("modern-zone", "agri-modernisation-demo-zone", (PINGGU,), "county"),
        Designation("high-tech", "national-high-tech-zone", (KUNSHAN,)),
        Designation("economic", "national-etdz", (KUNSHAN,), start=date(2023, 6, 1)),
        Designation("other-high-tech", "national-high-tech-zone", (CHANGSHU,)),
        Designation("other-economic", "national-etdz", (CHANGSHU,), ended=date(2023, 6, 1)),
        Designation("somewhere", "national-etdz", (SUZHOU,), "unknown"),
    ]
    return world(tmp_path_factory.mktemp("world"), designations)


def keys(columns: Columns, **asked: str) -> list[str]:
    return [finding.key for finding in table.answer(columns, TODAY, [], asked).findings]


def test_lists_are_chosen_by_place_programme_ministry_and_purpose(columns: Columns) -> None:
    kunshan = [f"territorial/{KUNSHAN}/regional-development", f"territorial/{KUNSHAN}/technology-commercialisation"]
    possible = [
        f"territorial/{SUZHOU}/{group}/possible" for group in ("regional-development", "technology-commercialisation")
    ]
    stack = f"stacking/{PINGGU}/agriculture-rural/mara"
    assert keys(columns) == [*kunshan, stack, *possible]
    assert keys(columns, place="昆山市") == keys(columns, place=KUNSHAN) == kunshan
    assert keys(columns, place="苏州市") == keys(columns, place="江苏") == kunshan + possible
    assert keys(columns, place="北京市", ministry="农业农村部") == [stack]
    assert keys(columns, programme="国家农业科技园区") == keys(columns, programme="agri-sci-park") == [stack]
    assert keys(columns, purpose="regional-development") == [kunshan[0], possible[0]]
    assert keys(columns, as_of="2022-12-31", place="平谷区") == [f"territorial/{PINGGU}/agriculture-rural"]
    assert [f.key for f in table.answer(columns, TODAY, ["stacking"], {}).findings] == [stack]
    assert [f.key for f in table.answer(columns, TODAY, [], {}, top=1).findings] == kunshan[:1]


@pytest.mark.parametrize(
    "asked", [{"place": "火星"}, {"programme": "x"}, {"ministry": "x"}, {"purpose": "x"}, {"as_of": "2022"}]
)
def test_what_names_nothing_is_refused_in_a_sentence(columns: Columns, asked: dict[str, str]) -> None:
    (name,) = asked.values()
    with pytest.raises(QueryError, match=name):
        table.answer(columns, TODAY, [], asked)


def test_programmes_without_a_ministry_are_named(columns: Columns) -> None:
    assert table.answer(columns, TODAY, [], {}).gaps == []
    assert table.answer(columns, TODAY, [], {"as_of": "1995-01-01"}).gaps == [
        "农业现代化示范区 (1)",
        "国家农业科技园区 (1)",
        "国家现代农业产业园 (1)",
    ]


def test_rows_for_people_and_for_machines(columns: Columns) -> None:
    answer = table.answer(columns, TODAY, [], {"place": "平谷区"})
    heads, ((strength, score, *named),) = answer.named
    assert strength == ""
    assert heads == list(table.NAME_HEADERS)
    programmes = "农业现代化示范区\n国家农业科技园区\n国家现代农业产业园"
    assert named == ["stacking", "北京市平谷区", "农业农村", "农业农村部 *", programmes, "3", "1 : 0.25", "same"]
    (finding,) = answer.findings
    assert score == f"{finding.score:.3f}"
    row = dict(zip(answer.keyed[0], answer.keyed[1][0], strict=True))
    assert row == {
        "key": finding.key,
        "kind": "stacking",
        "as_of": "2024-01-01",
        "place": PINGGU,
        "purpose_group": "agriculture-rural",
        "ministries": "mara",
        "programmes": "agri-modernisation-demo-zone;agri-sci-park;modern-agri-industrial-park",
        "members": "modern-park;modern-zone;science-park",
        "strength": "",
        "lacks": "",
        "score": f"{finding.score:.6f}",
        "observed": "1",
        "expected": "0.25",
        "probability": "0.25",
        "surprise": f"{finding.factors['surprise']:.6g}",
        "seriousness": f"{finding.factors['seriousness']:.6g}",
        "likeness": f"{finding.factors['likeness']:.6g}",
        "field_agreement": "0.5",
        "pairs": "3",
        "qualifying_pairs": "",
        "strand": "agri-modernisation-demo-zone;agri-sci-park;modern-agri-industrial-park",
        "certainty": "same",
        "rests_on_inferred": "true",
        "marks": "",
        "subtracted": "",
        "decided": "",
        "listed_under": "",
        "evidence_hash": finding.evidence_hash,
    }
    (written,) = json.loads(table.as_json([finding]))
    assert written["members"] == list(finding.members)
    assert written["as_of"] == "2024-01-01"


def test_rows_for_people_name_what_each_finding_is_about(release: Release) -> None:
    """Of every kind, whatever it is grouped by."""
    columns = Columns.open(release)
    found = find.find(columns, date(2022, 12, 31))
    assert {finding.kind for finding in found} == set(find.KINDS)
    for finding, row in zip(found, table.name_rows(columns, found), strict=True):
        named = dict(zip(table.NAME_HEADERS, row, strict=True))
        assert named["what"], finding.key
        assert bool(named["where"]) is bool({"place", "carrier", "region"} & finding.group.keys()), finding.key


def test_what_the_reform_did_is_told_from_what_designations_did(columns: Columns) -> None:
    answer = table.answer(columns, TODAY, [], {"as_of": "2022-12-31", "against": "today"})
    assert answer.named == answer.keyed
    heads, rows = answer.keyed
    assert heads == list(table.CHANGE_HEADERS)
    brief = {row[2]: (row[0], row[1], row[7], row[8]) for row in rows}
    stack = f"stacking/{PINGGU}/agriculture-rural/mara"
    groups = ("regional-development", "technology-commercialisation")
    assert brief == {
        stack: ("new", "mandates", "", "true"),
        f"territorial/{PINGGU}/agriculture-rural": ("gone", "mandates", stack, "true"),
        **{f"territorial/{KUNSHAN}/{group}": ("new", "designations", "", "false") for group in groups},
        **{f"territorial/{CHANGSHU}/{group}": ("gone", "designations", "", "false") for group in groups},
        # the high-tech zones passed to another ministry by a document; the same designations may still meet
        **{f"territorial/{SUZHOU}/{group}/possible": ("changed", "mandates", "", "false") for group in groups},
    }
    assert table.answer(columns, TODAY, [], {"as_of": "today", "against": "2024-01-01"}).keyed[1] == []
    swapped = table.answer(columns, TODAY, [], {"as_of": "today", "against": "2022-12-31"})
    assert swapped.keyed == answer.keyed


def test_triples_say_the_finding_and_its_state(columns: Columns) -> None:
    (stack,) = table.answer(columns, TODAY, ["stacking"], {}).findings
    base, terms = "https://w3id.org/guapai/id/", "https://w3id.org/guapai/ns/"
    schemes, skos = "https://w3id.org/guapai/scheme/", "http://www.w3.org/2004/02/skos/core#"
    node, state = f"<{base}finding/{stack.key}>", f"<{base}finding/{stack.key}/2024-01-01>"
    kind, xsd = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "http://www.w3.org/2001/XMLSchema#"
    names = (
        "北京市平谷区·农业农村·农业农村部：同部叠加",
        "平谷区, 北京市 · Agriculture and rural areas · Ministry of Agriculture and Rural Affairs: stacking",
    )
    points = (
        "北京市平谷区：农业农村部一家3块农业农村牌子，3种",
        "平谷区, 北京市: 3 designations of 3 programmes for agriculture and rural areas, all of MARA",
    )
    factors = {
        "unitCount": "2",
        "observed": "1",
        "expected": "0.25",
        "probability": "0.25",
        "surprise": "0.100343",
        "seriousness": f"{stack.factors['seriousness']:.6g}",
        "likeness": f"{stack.factors['likeness']:.6g}",
        "fieldAgreement": "0.5",
        "certaintyFactor": "1",
        "pairCount": "3",
        "programmeCount": "3",
    }
    whole = ("unitCount", "pairCount", "programmeCount")
    assert list(triples(columns, [stack])) == [
        (node, kind, f"<{terms}Stacking>"),
        (node, f"<{skos}prefLabel>", f'"{names[0]}"@zh'),
        (node, f"<{skos}prefLabel>", f'"{names[1]}"@en'),
        (node, f"<{terms}meetsAt>", f"<{base}place/{PINGGU}>"),
        (node, f"<{terms}sharesPurpose>", f"<{schemes}purpose/agriculture-rural>"),
        (node, f"<{terms}concernsMinistry>", f"<{base}authority/mara>"),
        (node, f"<{terms}hasState>", state),
        (state, kind, f"<{terms}FindingState>"),
        (state, f"<{skos}prefLabel>", f'"{points[0]}（2024-01-01）"@zh'),
        (state, f"<{skos}prefLabel>", f'"{points[1]} (2024-01-01)"@en'),
        *((state, f"<{terms}statement>", f'"{said}"@{language}') for said, language in told(columns, stack)),
        (state, f"<{terms}asOf>", f'"2024-01-01"^^<{xsd}date>'),
        *((state, f"<{terms}hasMember>", f"<{base}designation/{member}>") for member in stack.members),
        *((state, f"<{terms}involvesProgramme>", f"<{base}programme/{key}>") for key in stack.programmes),
        (state, f"<{terms}involvesMinistry>", f"<{base}authority/mara>"),
        *((state, f"<{terms}measuresProgramme>", f"<{base}programme/{key}>") for key in stack.strand),
        (state, f"<{terms}hasCertainty>", f"<{schemes}certainty/same>"),
        (state, f"<{terms}restsOnInferred>", f'"true"^^<{xsd}boolean>'),
        (state, f"<{terms}score>", f'"{stack.score:.6g}"^^<{xsd}decimal>'),
        *(
            (state, f"<{terms}{name}>", f'"{value}"^^<{xsd}{"integer" if name in whole else "decimal"}>')
            for name, value in factors.items()
        ),
        (state, f"<{terms}evidenceHash>", f'"{stack.evidence_hash}"'),
    ]


def told(columns: Columns, finding: Finding) -> Iterator[tuple[str, str]]:
    return zip(sentences(finding, Labels(columns)), ("zh", "en"), strict=True)


def test_what_is_only_possible_says_so_and_has_no_score(columns: Columns) -> None:
    possible = [finding for finding in table.answer(columns, TODAY, [], {}).findings if not finding.ranked]
    said = list(triples(columns, possible))
    states = {subject for subject, _, kind in said if kind.endswith("/FindingState>")}
    assert len(states) == len(possible) == 2
    certain = "<https://w3id.org/guapai/ns/hasCertainty>"
    assert {(s, o) for s, p, o in said if p == certain} == {
        (state, "<https://w3id.org/guapai/scheme/certainty/possible>") for state in states
    }
    assert not [predicate for _, predicate, _ in said if predicate.endswith(("/score>", "/hasStrength>"))]


def test_an_overlap_says_its_strength_and_why_it_is_not_strong(columns: Columns) -> None:
    """Neither zone of Kunshan states a field, which the groups of both overlaps need; of one an aim is half shared."""
    overlaps = table.answer(columns, TODAY, ["territorial"], {"place": KUNSHAN}).findings
    said = list(triples(columns, overlaps))
    terms, schemes = "<https://w3id.org/guapai/ns/", "https://w3id.org/guapai/scheme/"
    expected = {
        "hasStrength": f"<{schemes}strength/plain>",
        "qualifyingPairCount": '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }
    for name, value in expected.items():
        assert [object_ for _, predicate, object_ in said if predicate == f"{terms}{name}>"] == [value] * len(overlaps)
    lacks = [object_ for _, predicate, object_ in said if predicate == f"{terms}lacksEvidence>"]
    assert lacks == [f"<{schemes}lack/{lack}>" for lack in ("field-unknown", "field-unknown", "purpose-partial")]
    chinese, english = sentences(overlaps[0], Labels(columns))
    assert chinese.endswith("证据强度：一般（2块牌子，2个部委，1对符合条件的牌子类型），因未知有无相同领域。")
    assert english.endswith(
        "Strength of evidence: plain (2 designations, 2 ministries, 1 qualifying pair); common field not known."
    )
    assert title(overlaps[0], Labels(columns)) == (
        "江苏省昆山市：2块区域发展牌子，2个部委（工信部、商务部）",
        "昆山市, 江苏省: 2 designations for regional development of 2 ministries (MIIT, MOFCOM)",
    )


def test_findings_of_two_dates_are_said_once_with_two_states(columns: Columns) -> None:
    found = [finding for day in (TODAY, date(2025, 1, 1)) for finding in find.find(columns, day)]
    said = list(triples(columns, found))
    assert len(said) == len(set(said))
    assert list(triples(columns, reversed(found))) == said
    states = [object_ for _, predicate, object_ in said if predicate.endswith("/hasState>")]
    assert len(states) == len(found)
    assert len({subject for subject, predicate, _ in said if predicate.endswith("/hasState>")}) * 2 == len(found)


def test_a_finding_says_in_two_languages_what_is_shared_and_how_likely_it_is(columns: Columns) -> None:
    findings = {finding.key: finding for finding in find.find(columns, TODAY)}
    labels = Labels(columns)
    chinese, english = sentences(findings[f"stacking/{PINGGU}/agriculture-rural/mara"], labels)
    assert chinese == (
        "农业农村部一家在北京市平谷区挂了3种牌子（农业现代化示范区、国家农业科技园区、国家现代农业产业园），"
        "都以“农业农村”为主要目的，共3块。北京市2个同级单位中，1个兼有这些牌子类型，随机预期约0.25个。部分主管部门系推断。"
    )
    assert english == (
        "In 平谷区, 北京市, the Ministry of Agriculture and Rural Affairs alone has 3 designations of 3 programmes "
        "(农业现代化示范区, 国家农业科技园区 and 国家现代农业产业园) for “Agriculture and rural areas”. "
        "1 of 2 units of that level in 北京市 holds all of these programmes; chance predicts 0.25. "
        "Some of the mandates are inferred."
    )
    possible = sentences(findings[f"territorial/{SUZHOU}/regional-development/possible"], labels)
    assert "或许同处一地" in possible[0]
    assert "may share a place" in possible[1]
    assert not [word for word in ("waste", "浪费") for said in possible if word in said]

"""Decisions: shown on findings, reopened by new evidence, added to their table all or none, honoured by the build."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings_world import Designation, world

from kg import tables
from kg.analysis.findings import find, rulings
from kg.analysis.findings.finding import Finding, Ruling
from kg.cli import main
from kg.curation import decide
from kg.curation.decide import Given
from kg.errors import Complaint, InputError
from kg.pipeline import columns as projection
from kg.pipeline import merge
from kg.pipeline.registry import decisions as as_triples
from kg.pipeline.validate import validate
from kg.release import Release
from kg.release import columns as column_files
from kg.release.columns import Columns
from kg.tables import checks, schema
from kg.tables.decided import decided
from kg.vocab import TYPE, concept, line, term, text, thing, typed

ROOT = Path(__file__).parents[3]
DAY, TODAY = date(2022, 12, 31), date(2026, 11, 24)
PARKS = "territorial/110117/agriculture-rural"
ZONE, OTHER, THIRD = (f"national-self-innovation-zone-000{number}" for number in (1, 2, 3))
NAMES = (f"{OTHER} 武汉东湖国家自主创新示范区", f"{ZONE} 中关村国家自主创新示范区")
MERGER = f"{NAMES[0]} becomes {NAMES[1]}, its key is withdrawn, 1 record follows"
"""The effect of a verdict that nobody should give: it joins two zones that are two."""


def row(
    number: int, verdict: str, evidence: str, finding: str = "", pair: tuple[str, str] = ("", "")
) -> dict[str, object]:
    return {
        "decision": f"decision-000{number}",
        "finding": finding,
        "one": pair[0],
        "other": pair[1],
        "verdict": verdict,
        "reason": f"reason {number}",
        "decided_by": "张三",
        "decided_on": TODAY,
        "evidence_hash": evidence,
        "members": "modern-park;science-park" if finding else "",
        "ministries": "mara;most" if finding else "",
        "looked_at": DAY if finding else None,
    }


def parks(folder: Path, *made: dict[str, object], more: tuple[Designation, ...] = ()) -> Columns:
    """Two parks of two ministries in Pinggu, with decisions."""
    designations = (
        Designation("science-park", "agri-sci-park", ("110117",)),
        Designation("modern-park", "modern-agri-industrial-park", ("110117",)),
    )
    folder.mkdir()
    return world(folder, designations + more, decisions=list(made))


def test_a_decision_is_shown_on_the_finding_with_its_reason(tmp_path: Path) -> None:
    (bare,) = find.find(parks(tmp_path / "a"), DAY, ["territorial"])
    assert bare.rulings == ()
    justified = row(1, "overlap-justified", bare.evidence_hash, PARKS)
    unsure = row(2, "unsure", bare.evidence_hash, PARKS)
    (finding,) = find.find(parks(tmp_path / "b", unsure, justified), DAY, ["territorial"])
    assert finding == replace(
        bare,
        rulings=(
            Ruling("decision-0001", "overlap-justified", "reason 1", "张三", TODAY, reopened=False, looked_at=DAY),
            Ruling("decision-0002", "unsure", "reason 2", "张三", TODAY, reopened=False, looked_at=DAY),
        ),
    )
    assert list(rulings.sentences([finding])) == [
        f"{PARKS}: overlap-justified, reason 1 (张三, 2026-11-24, decision-0001)",
        f"{PARKS}: unsure, reason 2 (张三, 2026-11-24, decision-0002)",
    ]


def test_a_decision_is_open_again_when_the_evidence_changes(tmp_path: Path) -> None:
    (before,) = find.find(parks(tmp_path / "a"), DAY, ["territorial"])
    accepted = row(1, "overlap-accepted", before.evidence_hash, PARKS)
    another = Designation("second-science-park", "agri-sci-park", ("110117",))
    (after,) = find.find(parks(tmp_path / "b", accepted, more=(another,)), DAY, ["territorial"])
    came = ("second-science-park",)
    assert after.rulings == (
        Ruling("decision-0001", "overlap-accepted", "reason 1", "张三", TODAY, reopened=True, looked_at=DAY, came=came),
    )
    (sentence,) = rulings.sentences([after])
    assert sentence == (
        f"{PARKS}: open again, for the evidence has changed since that of 2022-12-31 (new second-science-park): "
        "overlap-accepted, reason 1 (张三, 2026-11-24, decision-0001)"
    )


def possible_duplicate(evidence: str = "e" * 64) -> Finding:
    return Finding(
        kind="duplicate",
        key="duplicate/modern-park/science-park",
        as_of=DAY,
        group={},
        members=("modern-park", "science-park"),
        programmes=("agri-sci-park", "modern-agri-industrial-park"),
        ministries=(),
        factors={},
        score=0.5,
        certainty="same",
        rests_on_inferred=False,
        evidence_hash=evidence,
    )


PAIR = ("designation/science-park", "designation/modern-park")


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        ([], [()]),
        ([row(1, "different", "e" * 64, pair=PAIR)], []),
        ([row(1, "different", "e" * 64, "duplicate/modern-park/science-park")], []),
        ([row(1, "different", "f" * 64, pair=PAIR)], [("different",)]),  # on other evidence: open again
        ([row(1, "same", "e" * 64, pair=PAIR)], [("same",)]),
        ([row(1, "same", "e" * 64, pair=PAIR), row(2, "different", "e" * 64, pair=PAIR)], []),
        ([row(1, "unsure", "e" * 64, pair=PAIR)], [("unsure",)]),
    ],
)
def test_a_possible_duplicate_that_is_different_is_none(
    tmp_path: Path, made: list[dict[str, object]], shown: list[tuple[str, ...]]
) -> None:
    found = rulings.with_decisions(parks(tmp_path / "a", *made), [possible_duplicate()])
    assert [tuple(ruling.verdict for ruling in finding.rulings) for finding in found] == shown


@pytest.fixture
def data(small_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(small_data, tmp_path / "data")


@pytest.fixture(scope="module")
def columns(small_release: Release) -> Columns:
    return Columns.open(small_release)


Decide = Callable[..., decide.Proposal]


@pytest.fixture
def propose(data: Path, columns: Columns) -> Decide:
    """Propose decisions given as (verdict, one, other) or (verdict, finding)."""

    def proposed(*given: tuple[str, ...]) -> decide.Proposal:
        names = {2: ("verdict", "finding"), 3: ("verdict", "one_id", "other_id")}
        cells = [dict(zip(names[len(each)], each, strict=True)) for each in given]
        listed = [
            Given({"reason": "同一批文", "decided_by": "张三", **each}, "given.csv", 2 + n)
            for n, each in enumerate(cells)
        ]
        return decide.propose(data, columns, listed, (TODAY, TODAY))

    return proposed


def cells_of(data: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table as the decisions leave them."""
    return [dict(each.cells) for each in decided(tables.open_package(data)).rows(table)]


def state(data: Path) -> dict[str, list[dict[str, str]]]:
    """Every table as the decisions leave it, but their own."""
    package = decided(tables.open_package(data))
    names = [name for name in package.resources if name != "decisions"]
    return {name: [dict(each.cells) for each in package.rows(name)] for name in names}


def files(data: Path) -> dict[str, bytes]:
    """Every file but that of the decisions."""
    return {path.name: path.read_bytes() for path in data.rglob("*.*") if path.name != "decisions.csv"}


def test_same_joins_two_designations_and_withdraws_the_key_of_the_second(data: Path, propose: Decide) -> None:
    before, stored = {each["id"]: each for each in cells_of(data, "records")}, files(data)
    proposal = propose(("same", ZONE, OTHER))
    (decided,) = proposal.decided
    assert decided.effect == MERGER
    assert decide.write(proposal) == ["decisions.csv"]
    assert files(data) == stored
    (made,) = cells_of(data, "decisions")
    assert (made["one_id"], made["other_id"], made["verdict"]) == (
        f"designation/{ZONE}",
        f"designation/{OTHER}",
        "same",
    )
    assert made["decided_on"] == "2026-11-24"
    after = {each["id"]: each for each in cells_of(data, "records")}
    moved = {key: cells for key, cells in after.items() if cells != before[key]}
    (old,) = (cells for cells in before.values() if cells["designation_id"] == OTHER)
    assert moved == {
        old["id"]: old
        | {
            "designation_id": ZONE,
            "outcome": "merged",
            "reason": " | ".join(
                [
                    ";".join(
                        filter(None, [old["reason"].partition(" | ")[0], f"经decision-0001裁定,{OTHER} 即 {ZONE}"])
                    ),
                    "; ".join(filter(None, [old["reason"].partition(" | ")[2], f"{OTHER} is {ZONE} by decision-0001"])),
                ]
            ),
        }
    }
    assert OTHER not in {each["id"] for each in cells_of(data, "designations")}
    assert cells_of(data, "withdrawn")[-1] == {
        "id": f"designation/{OTHER}",
        "successor_ids": f"designation/{ZONE}",
        "reason": "经decision-0001裁定为同一块牌子 | decided to be the same designation (decision-0001)",
        "withdrawn_on": "2026-11-24",
    }
    (designation,) = (
        designation for designation in merge.designations(checks.checked(data)) if designation.key == ZONE
    )
    assert len(designation.records) == 2


def test_mergers_in_a_chain_lead_to_the_key_that_the_tables_name_first(data: Path, propose: Decide) -> None:
    decide.write(propose(("same", ZONE, OTHER), ("same", THIRD, ZONE)))
    withdrawn = {each["id"]: each["successor_ids"] for each in cells_of(data, "withdrawn")}
    assert withdrawn == {f"designation/{key}": f"designation/{ZONE}" for key in (OTHER, THIRD)}
    assert len([each for each in cells_of(data, "records") if each["designation_id"] == ZONE]) == 3


def test_the_key_that_stays_does_not_depend_on_which_is_named_first(propose: Decide) -> None:
    (decided,) = propose(("same", OTHER, ZONE)).decided
    assert decided.effect == MERGER


def test_records_stand_for_their_designations(data: Path, propose: Decide) -> None:
    by_designation = {each["designation_id"]: each["id"] for each in cells_of(data, "records")}
    (decided,) = propose(("same", by_designation[ZONE], by_designation[OTHER])).decided
    assert decided.row["other_id"] == f"record/{by_designation[OTHER]}"
    assert decided.effect == MERGER


def test_same_and_different_count_as_different(data: Path, propose: Decide) -> None:
    proposal = propose(("same", ZONE, OTHER), ("different", OTHER, ZONE))
    effects = [decided.effect for decided in proposal.decided]
    assert effects == [f"contradicts {row}: counts as different" for row in ("decision-0002", "decision-0001")]
    assert decide.write(proposal) == ["decisions.csv"]
    (later,) = propose(("same", ZONE, OTHER)).decided
    assert later.effect == "contradicts decision-0002: counts as different"
    assert {ZONE, OTHER} <= {each["id"] for each in cells_of(data, "designations")}


def test_every_fault_is_named_and_nothing_is_written(data: Path, propose: Decide) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*.csv")}
    city = "comprehensive-national-science-center-0001"
    with pytest.raises(InputError) as raised:
        propose(
            ("same", ZONE, OTHER),
            ("overlap-accepted", ZONE, THIRD),
            ("same", ZONE, "no-such-designation"),
            ("unsure", "territorial/000000/nothing"),
            ("same", THIRD, THIRD),
            ("same", THIRD, city),
        )
    assert [(fault.row, fault.column, fault.found) for fault in raised.value.complaints] == [
        (3, "verdict", "'overlap-accepted'"),
        (4, "other_id", "'no-such-designation'"),
        (5, "finding", "'territorial/000000/nothing'"),
        (6, "other_id", f"'{THIRD}'"),
        (7, "other_id", f"'{city}'"),
    ]
    assert {path: path.read_bytes() for path in data.rglob("*.csv")} == before


def test_different_after_same_takes_the_merger_back(data: Path, propose: Decide) -> None:
    before = state(data)
    decide.write(propose(("same", ZONE, OTHER)))
    assert before != state(data)
    proposal = propose(("different", ZONE, OTHER))
    (decided,) = proposal.decided
    assert decided.effect == (
        "contradicts decision-0001: counts as different; "
        f"{NAMES[0]} is a designation again and no longer {ZONE}, 1 record goes back"
    )
    assert decide.write(proposal) == ["decisions.csv"]
    assert state(data) == before
    assert [each["verdict"] for each in cells_of(data, "decisions")] == ["same", "different"]
    checks.checked(data)


def test_the_evidence_of_a_parting_is_that_of_the_possible_duplicate(data: Path, propose: Decide) -> None:
    """So that the next build does not ask again."""
    decide.write(propose(("same", ZONE, OTHER)))
    (apart,) = propose(("different", OTHER, ZONE)).decided
    names = {each["id"]: each["name_zh"] for each in cells_of(data, "designations") if each["id"] == ZONE}
    names[OTHER] = NAMES[0].partition(" ")[2]
    assert apart.row["evidence_hash"] == rulings.pair_evidence(names)


@pytest.mark.slow
def test_a_parted_designation_may_be_named_by_its_key_its_record_or_the_old_finding(
    data: Path, propose: Decide
) -> None:
    records = {each["designation_id"]: each["id"] for each in cells_of(data, "records")}
    before = state(data)
    for asked in [(records[ZONE], records[OTHER]), (records[OTHER], ZONE), (f"duplicate/{ZONE}/{OTHER}",)]:
        decide.write(propose(("same", ZONE, OTHER)) if len(cells_of(data, "decisions")) == 0 else propose())
        decide.write(propose(("different", *asked)))
        assert state(data) == before
        (data / "decisions.csv").write_text((data / "decisions.csv").read_text("utf-8").splitlines()[0] + "\n", "utf-8")


@pytest.mark.slow
def test_of_several_mergers_only_the_one_decided_against_is_taken_back(data: Path, propose: Decide) -> None:
    """Of three that became one, the designation in the middle stays with the one that nobody parted it from."""
    before = state(data)
    decide.write(propose(("same", ZONE, OTHER), ("same", OTHER, THIRD)))
    assert [each["id"] for each in cells_of(data, "withdrawn")] == [f"designation/{key}" for key in (OTHER, THIRD)]
    (decided,) = propose(("different", ZONE, OTHER)).decided
    assert decided.effect == (
        "contradicts decision-0001: counts as different; "
        f"{NAMES[0]} is a designation again and no longer {ZONE}, 2 records go back"
    )
    decide.write(propose(("different", ZONE, OTHER)))
    by_designation = {each["id"]: each["designation_id"] for each in cells_of(data, "records")}
    assert sorted(key for key in by_designation.values() if key in (ZONE, OTHER, THIRD)) == [ZONE, OTHER, OTHER]
    assert [(each["id"], each["successor_ids"]) for each in cells_of(data, "withdrawn")] == [
        (f"designation/{THIRD}", f"designation/{OTHER}")
    ]
    decide.write(propose(("different", THIRD, OTHER)))
    assert state(data) == before


def test_three_that_contradict_one_another_are_refused_with_the_rows(propose: Decide) -> None:
    decide.write(propose(("same", ZONE, OTHER), ("same", OTHER, THIRD)))
    with pytest.raises(InputError) as raised:
        propose(("different", ZONE, THIRD))
    (fault,) = raised.value.complaints
    assert str(fault) == (
        "given.csv, row 2, column verdict: found 'different', "
        f"expected two designations, but both are {ZONE} now by decision-0001, decision-0002"
    )


def test_nothing_is_made_one_through_a_third_designation(propose: Decide) -> None:
    with pytest.raises(InputError, match=r"row 4, .*both are .*-0001 now by given\.csv, row 2, given\.csv, row 3"):
        propose(("same", ZONE, OTHER), ("same", OTHER, THIRD), ("different", THIRD, ZONE))
    decide.write(propose(("different", ZONE, THIRD), ("same", ZONE, OTHER)))
    with pytest.raises(InputError) as raised:
        propose(("same", OTHER, THIRD))
    (fault,) = raised.value.complaints
    assert str(fault.expected) == f"no same while decision-0001 keeps {ZONE} and {THIRD} apart, which would be one"


def test_rows_written_by_hand_that_contradict_one_another_are_complained_of(data: Path, propose: Decide) -> None:
    decide.write(propose(("same", ZONE, OTHER), ("same", OTHER, THIRD)))
    with (data / "decisions.csv").open("a", encoding="utf-8") as stream:
        stream.write(
            f"decision-0003,,designation/{ZONE},designation/{THIRD},different,why,张三,2026-11-24,{'0' * 64},,,\n"
        )
    (fault,) = checks.check(tables.open_package(data))
    assert str(fault) == (
        "decisions.csv, row 4, column verdict: found 'different', "
        f"expected two designations, but both are {ZONE} now by decision-0001, decision-0002"
    )


def test_a_record_that_a_list_gave_to_another_designation_becomes_a_designation_of_its_own(
    data: Path, propose: Decide
) -> None:
    """Two records that the import took for one designation; what was taken stays, whichever is named first."""
    given = [each for each in cells_of(data, "records") if each["outcome"] == "merged"]
    record = given[0]
    designation, programme = record["designation_id"], record["programme_id"]
    first = next(e for e in cells_of(data, "records") if (e["designation_id"], e["outcome"]) == (designation, "taken"))
    key = record["id"].replace("/", ".")
    proposal = propose(("different", record["id"], first["id"]))
    (decided,) = proposal.decided
    assert decided.effect == (
        f"{record['id']} becomes a designation of its own, {key} {record['name']}, and no longer {designation}"
    )
    decide.write(proposal)
    after = next(e for e in cells_of(data, "records") if e["id"] == record["id"])
    assert (after["designation_id"], after["outcome"]) == (key, "taken")
    assert after["reason"].endswith(f"not {designation} by decision-0001")
    (made,) = (each for each in merge.designations(checks.checked(data)) if each.key == key)
    assert (made.row["programme_id"], made.row["name_zh"]) == (programme, record["name"])
    assert [each["id"] for each in made.records] == [record["id"]]
    (again,) = propose(("different", record["id"], first["id"])).decided
    assert again.effect == "a possible duplicate no more"


def test_the_taken_record_cannot_leave_its_designation(data: Path, propose: Decide) -> None:
    taken = next(each["id"] for each in cells_of(data, "records") if each["designation_id"] == ZONE)
    with pytest.raises(InputError, match=f"a further record of the designation {ZONE}"):
        propose(("different", ZONE, taken))


def written(data: Path, *rows: tuple[str, ...]) -> list[Complaint]:
    """Write decisions by hand and return what the rules complain of."""
    heads = tables.open_package(data).resources["decisions"].columns
    with (data / "decisions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([heads, *((*each, "why", "张三", "2026-11-24", "0" * 64, "", "", "") for each in rows)])
    package = tables.open_package(data)
    return [*schema.check(package), *checks.check(package)]


def test_decisions_at_fault_are_complained_of(data: Path) -> None:
    one, other = f"designation/{ZONE}", f"designation/{OTHER}"
    found = written(
        data,
        ("decision-0001", "", one, other, "same"),
        ("decision-0002", PARKS, "", "", "same"),
        ("decision-0003", PARKS, one, "", "unsure"),
        ("decision-0004", "", one, "designation/none", "different"),
        ("decision-0005", "", one, one, "different"),
        ("decision-0006", PARKS, "", "", "overlap-justified"),
    )
    assert [(c.file, c.row, c.column, c.found, str(c.expected)) for c in found] == [
        ("decisions.csv", 3, "verdict", "'same'", "one of overlap-accepted, overlap-justified, unsure"),
        ("decisions.csv", 4, "finding", f"'{PARKS}'", "either a finding or a pair"),
        (
            *("decisions.csv", 5, "other_id", "'designation/none'"),
            "a designation or record of the tables, as designation/key or record/key",
        ),
        ("decisions.csv", 6, "other_id", f"'{one}'", "another one than the first"),
    ]
    both = [("decision-0001", "", one, other, "same"), ("decision-0002", "", other, one, "different")]
    assert written(data, *both) == []


def test_the_command_shows_and_writes_and_what_is_built_next_honours_it(
    data: Path, small_release: Release, tmp_path: Path
) -> None:
    columns = Columns.open(small_release)
    overlap = next(iter(find.find(columns, small_release.data_as_of, ["territorial"])))
    file = tmp_path / "decisions.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(decide.GIVEN)
        writer.writerow(["", ZONE, OTHER, "same", "同一批文", "张三", "2026-11-20"])
        writer.writerow([overlap.key, "", "", "overlap-justified", "职能不同", "李四", ""])
    asked = ["decide", "--from", str(file), "--data", str(data), "--dist", str(small_release.path), "--format", "csv"]
    shown = CliRunner().invoke(main, asked)
    assert shown.exit_code == 0, shown.output
    assert "nothing was written" in shown.stderr
    told = [(line["id"], line["decided_on"], line["effect"]) for line in csv.DictReader(StringIO(shown.stdout))]
    assert told[0] == ("decision-0001", "2026-11-20", MERGER)
    assert (told[1][0], told[1][2]) == ("decision-0002", "shown with its reason")
    assert cells_of(data, "decisions") == []
    assert CliRunner().invoke(main, [*asked, "--write"]).exit_code == 0
    package = decided(checks.checked(data))
    column_files.write(projection.tables(package, merge.designations(package)), tmp_path / "columns")
    built = Columns(tmp_path / "columns")
    (ruling,) = next(f for f in find.find(built, small_release.data_as_of) if f.key == overlap.key).rulings
    assert (ruling.verdict, ruling.reason, ruling.decided_by) == ("overlap-justified", "职能不同", "李四")
    assert built.query("SELECT records FROM designations WHERE designation = $one", {"one": ZONE}) == [(2,)]
    assert built.query("SELECT * FROM designations WHERE designation = $other", {"other": OTHER}) == []


def test_decisions_as_triples_pass_the_shapes(data: Path, tmp_path: Path) -> None:
    written(
        data,
        ("decision-0001", "", f"designation/{ZONE}", f"designation/{OTHER}", "different"),
        ("decision-0002", PARKS, "", "", "overlap-justified"),
    )
    told = list(as_triples(tables.open_package(data)))
    pair = f"designation/{ZONE} · designation/{OTHER}"
    first = [(name, value) for node, name, value in told if node == thing("decision", "decision-0001")]
    assert sorted(first) == sorted(
        [
            (TYPE, term("gp:Decision")),
            (term("skos:prefLabel"), text(f"裁定：{pair}", "zh")),
            (term("skos:prefLabel"), text(f"Decision: {pair}", "en")),
            (term("gp:comparesThing"), thing("designation", ZONE)),
            (term("gp:comparesThing"), thing("designation", OTHER)),
            (term("gp:hasVerdict"), concept("decision-verdict", "different")),
            (term("gp:reason"), text("why")),
            (term("gp:deciderName"), text("张三")),
            (term("gp:decidedText"), text("2026-11-24")),
            (term("gp:decidedFrom"), typed("2026-11-24", "date")),
            (term("gp:decidedTo"), typed("2026-11-24", "date")),
            (term("gp:evidenceHash"), text("0" * 64)),
        ]
    )
    assert (thing("decision", "decision-0002"), term("gp:decidesOn"), thing("finding", PARKS)) in told
    file = tmp_path / "decisions.nt"
    file.write_text("".join(map(line, told)), encoding="utf-8")
    assert validate([file, ROOT / "ontology" / "schemes.ttl"], ROOT / "ontology" / "shapes.ttl").results == ()

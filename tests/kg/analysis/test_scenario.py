"""Scenarios: each change on a small world by hand, the table of changes, and the reform undone on the real data."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings_world import Designation, world

from kg.analysis.findings.kinds import territorial
from kg.analysis.ministries import ministries
from kg.analysis.scenarios import changes, outcomes, scenario
from kg.analysis.scenarios.scenario import Change, Outcome, what_if
from kg.cli import main
from kg.errors import InputError
from kg.release import Release
from kg.release.columns import Columns

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "docs" / "what-if").glob("*.csv"))
BEFORE, AFTER = date(2022, 12, 31), date(2024, 1, 1)
PINGGU, KUNSHAN = "110117", "320583"
FARMING, GROWTH, TRANSFER = (
    f"territorial/{PINGGU}/agriculture-rural",
    f"territorial/{KUNSHAN}/regional-development",
    f"territorial/{KUNSHAN}/technology-commercialisation",
)
STACK = f"stacking/{PINGGU}/agriculture-rural/mara"
KINDS = ("territorial", "stacking")


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    """Two parks and a zone of farming in Pinggu, a high-tech and an economic zone in Kunshan."""
    designations = [
        Designation("science-park", "agri-sci-park", (PINGGU,)),
        Designation("modern-park", "modern-agri-industrial-park", (PINGGU,)),
        Designation("modern-zone", "agri-modernisation-demo-zone", (PINGGU,), "county"),
        Designation("high-tech", "national-high-tech-zone", (KUNSHAN,)),
        Designation("economic", "national-etdz", (KUNSHAN,)),
    ]
    return world(tmp_path_factory.mktemp("world"), designations)


def effects(outcome: Outcome) -> dict[str, tuple[str, ...]]:
    return {effect.key: (effect.effect, *effect.what) for effect in outcome.effects}


def test_nothing_changes_nothing(columns: Columns) -> None:
    outcome = what_if(columns, [], BEFORE, KINDS)
    assert [finding.key for finding in outcome.before] == [finding.key for finding in outcome.after]
    assert {finding.key for finding in outcome.before} == {FARMING, GROWTH, TRANSFER}
    assert outcome.effects == ()


def test_a_transfer_moves_the_overlap_into_one_house(columns: Columns) -> None:
    """The farming ministry alone then has three programmes in Pinggu: the overlap becomes a stack."""
    outcome = what_if(columns, [Change("transfer", "agri-sci-park", "mara")], BEFORE, KINDS)
    assert effects(outcome) == {FARMING: ("gone",), STACK: ("new",)}
    assert {effect.key: effect.became for effect in outcome.effects} == {FARMING: STACK, STACK: ""}
    assert list(outcomes.summary(outcome)) == [("stacking", 0, 1, 0, 1, 0), ("territorial", 3, 2, 1, 0, 0)]
    assert list(outcomes.sentences(outcome)) == [
        "stacking: 0 before, 1 after; 0 gone, 1 new, 0 changed",
        "territorial: 3 before, 2 after; 1 gone, 0 new, 0 changed",
        "1 of those that are gone have become stacks of one ministry",
    ]


def test_the_reform_undone_brings_the_overlap_back(columns: Columns) -> None:
    undone = what_if(columns, [Change("transfer", "agri-sci-park", "most", start=date(2023, 3, 16))], AFTER, KINDS)
    assert effects(undone) == {FARMING: ("new",), STACK: ("gone",)}


def test_a_transfer_leaves_one_body_and_takes_effect_on_its_day(columns: Columns) -> None:
    moved = [Change("transfer", "national-high-tech-zone", "torch-center-miit", start=date(2023, 6, 1))]
    changed = scenario.applied(columns, moved, AFTER)
    answer = ministries(changed, AFTER)["national-high-tech-zone"]
    assert (answer.ministries, answer.inferred, answer.lapsed) == ({"miit"}, frozenset(), False)
    assert what_if(columns, moved, BEFORE, KINDS).effects == ()


def test_a_merger_takes_designations_relations_and_ministries_along(columns: Columns) -> None:
    outcome = what_if(columns, [Change("merge", "agri-sci-park", "modern-agri-industrial-park")], BEFORE, KINDS)
    assert effects(outcome) == {FARMING: ("gone",)}
    changed = scenario.applied(columns, [Change("merge", "agri-sci-park", "agri-high-tech-zone")], BEFORE)
    assert changed.query("SELECT designation FROM designations WHERE programme = 'agri-sci-park'") == []
    rows = "SELECT count(*) FROM programme_relations WHERE 'agri-sci-park' IN (subject, object) OR subject = object"
    assert changed.query(rows) == [(0,)]


def test_two_mergers_one_after_the_other(columns: Columns) -> None:
    chain = [
        Change("merge", "agri-sci-park", "modern-agri-industrial-park", start=date(2020, 1, 1)),
        Change("merge", "modern-agri-industrial-park", "agri-modernisation-demo-zone", start=date(2021, 1, 1)),
    ]
    changed = scenario.applied(columns, reversed(chain), BEFORE)
    found = changed.query(
        "SELECT DISTINCT programme FROM designations JOIN designation_places USING (designation) WHERE place = '110117'"
    )
    assert found == [("agri-modernisation-demo-zone",)]


def test_an_end_takes_the_designations_down_from_its_day_on(columns: Columns) -> None:
    end = [Change("end", "national-etdz", start=date(2023, 1, 1))]
    assert effects(what_if(columns, end, AFTER, KINDS)) == {GROWTH: ("gone",), TRANSFER: ("gone",)}
    assert what_if(columns, end, BEFORE, KINDS).effects == ()
    assert territorial.find(scenario.applied(columns, end, AFTER), BEFORE) != []


def test_other_purposes_bring_other_overlaps(columns: Columns) -> None:
    """Economic zones for high-tech industry: growth is no purpose of theirs any more, and the rest is more alike.

    Shared are industrialisation 1 and innovation 0.5 of 4.5; before, growth 1 and innovation 0.5 of 6.5.
    """
    made = [Change("re-purpose", "national-etdz", purposes=("high-tech-industrialisation",))]
    outcome = what_if(columns, made, BEFORE, KINDS)
    assert effects(outcome) == {GROWTH: ("gone",), TRANSFER: ("changed", "score", "evidence")}
    likeness = [
        state.factors["likeness"]
        for effect in outcome.effects
        if effect.key == TRANSFER
        for state in (effect.before, effect.after)
        if state
    ]
    assert likeness == pytest.approx([1.5 / 6.5, 1.5 / 4.5])


def test_the_columns_stay_as_they_are(columns: Columns) -> None:
    before = (
        columns.query("SELECT * FROM designations ORDER BY designation"),
        columns.query("SELECT * FROM mandates ORDER BY ALL"),
    )
    scenario.applied(columns, [Change("end", "national-etdz"), Change("transfer", "agri-sci-park", "mara")], BEFORE)
    after = (
        columns.query("SELECT * FROM designations ORDER BY designation"),
        columns.query("SELECT * FROM mandates ORDER BY ALL"),
    )
    assert before == after


def test_a_table_of_changes_is_read_by_keys_and_names(columns: Columns, tmp_path: Path) -> None:
    table = tmp_path / "changes.csv"
    table.write_text(
        "\ufeffchange,programme,to,purpose,from,note\n"
        "merge,国家农业科技园区,modern-agri-industrial-park,,2023-05,a note\n"
        "transfer,national-high-tech-zone,科技部,,,\n"
        "re-purpose,national-etdz,,科技成果转移转化; incubation,2024,\n"
        "end,innovative-city,,,2020-01-02,\n",
        encoding="utf-8",
    )
    assert changes.read(table, columns) == [
        Change("merge", "agri-sci-park", "modern-agri-industrial-park", start=date(2023, 5, 1)),
        Change("transfer", "national-high-tech-zone", "most"),
        Change("re-purpose", "national-etdz", purposes=("technology-transfer", "incubation"), start=date(2024, 1, 1)),
        Change("end", "innovative-city", start=date(2020, 1, 2)),
    ]


def test_every_fault_of_a_table_is_named_with_row_and_column(columns: Columns, tmp_path: Path) -> None:
    table = tmp_path / "changes.csv"
    table.write_text(
        "change,programme,to,purpose,from\n"
        "abolish,national-etdz,,,\n"
        "merge,national-etdz,national-etdz,,2023-13\n"
        "end,no-such,most,,\n"
        "transfer,agri-sci-park,,,\n"
        "re-purpose,agri-sci-park,,agriculture-rural,\n"
        "re-purpose,agri-sci-park,,,\n"
        "end,innovative-city,,,\n"
        "merge,innovative-city,innovative-county,,\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as raised:
        changes.read(table, columns)
    assert [(fault.row, fault.column, fault.found) for fault in raised.value.complaints] == [
        (2, "change", "'abolish'"),
        (3, "from", "'2023-13'"),
        (3, "to", "'national-etdz'"),
        (4, "programme", "'no-such'"),
        (4, "to", "'most'"),
        (5, "to", "nothing"),
        (6, "purpose", "'agriculture-rural'"),
        (7, "purpose", "nothing"),
        (9, "programme", "'innovative-city'"),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "changes.csv, row 1, column change: found no such column, expected this column"),
        ("change,programme\n", "changes.csv: found no rows, expected at least one change"),
        (
            "change,programme,day\nend,national-etdz,2020\n",
            (
                "changes.csv, row 1, column day: found an unknown column, "
                "expected only change, programme, to, purpose, from, note"
            ),
        ),
    ],
)
def test_a_table_without_head_or_rows(columns: Columns, tmp_path: Path, content: str, complaint: str) -> None:
    table = tmp_path / "changes.csv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        changes.read(table, columns)
    assert complaint in map(str, raised.value.complaints)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_of_the_documentation_can_be_read_and_is_explained(path: Path, columns: Columns) -> None:
    assert changes.read(path, columns)
    text = (ROOT / "docs" / "what-if.md").read_text("utf-8")
    assert f"guapai what-if docs/what-if/{path.name}" in text


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_figures_of_the_documentation_are_those_of_its_command(path: Path, release: Release) -> None:
    """Of each kind: before, after, gone, new, changed, in the table below the command."""
    text = (ROOT / "docs" / "what-if.md").read_text("utf-8")
    _, command, below = text.rpartition(f"    guapai what-if docs/what-if/{path.name}")
    asked, _, below = below.partition("\n")
    table = [line.strip("| ").split(" | ") for line in below.partition("\nRead:")[0].splitlines() if "|" in line]
    kinds = re.findall(r"--kind (\S+)", asked)
    columns = Columns.open(release)
    outcome = what_if(columns, changes.read(path, columns), release.data_as_of, kinds)
    assert command
    assert table[2:] == [[str(cell) for cell in row] for row in outcomes.summary(outcome)]
    assert len(table) > len(kinds)


def test_rows_for_people_name_what_each_effect_is_about(release: Release) -> None:
    """Without ministries and scores a row is told from all others of its kind, whatever the kind is grouped by."""
    columns = Columns.open(release)
    undone = changes.read(ROOT / "docs" / "what-if" / "reform-undone.csv", columns)
    found = what_if(columns, undone, release.data_as_of, ["territorial", "thematic"]).effects
    rows = [dict(zip(outcomes.NAME_HEADERS, row, strict=True)) for row in outcomes.name_rows(columns, found)]
    assert {row["kind"] for row in rows} == {"territorial", "territorial (possible)", "thematic"}
    about = [(row["kind"], row["where"], row["what"]) for row in rows]
    assert [row for row in about if not all(row)] == []
    assert [row for row, number in Counter(about).items() if number > 1] == []


def test_without_the_reform_pinggu_is_an_overlap_today(release: Release, columns: Columns) -> None:
    undone = changes.read(ROOT / "docs" / "what-if" / "reform-undone.csv", columns)
    found = effects(what_if(columns, undone, release.data_as_of, KINDS))
    assert found[FARMING] == ("new",)
    path = str(ROOT / "docs" / "what-if" / "reform-undone.csv")
    asked = ["--dist", str(release.path), "--as-of", "2022-12-31", "--kind", "territorial", "--format", "csv"]
    outcome = CliRunner().invoke(main, ["what-if", path, *asked])
    assert outcome.exit_code == 0
    assert outcome.stdout == ",".join(outcomes.KEY_HEADERS) + "\n"
    assert "13 of 13 changes start after 2022-12-31 and were not made" in outcome.stderr

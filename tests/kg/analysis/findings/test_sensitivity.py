"""What remains of overlaps without what is inferred, undated or compiled: by hand, and again from the members."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from findings_world import Designation, world
from reform import BEFORE_REFORM

from kg.analysis.findings import find, sensitivity
from kg.analysis.findings.finding import TIERS
from kg.analysis.ministries import ministries
from kg.pipeline import graphs
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions
from kg.vocab import term, text

QUESTIONS = Path(__file__).parents[4] / "ontology" / "questions"
PINGGU, MIYUN = "110117", "110118"
SCIENCE, MODERN = "agri-sci-park", "modern-agri-industrial-park"


def test_by_hand(tmp_path: Path) -> None:
    """An overlap of dated and official designations, one of an undated one, one of a compilation."""
    places = {"official": "320581", "undated": PINGGU, "compiled": MIYUN}
    designations = [
        Designation(f"science-{name}", SCIENCE, (place,), grade="official") for name, place in places.items()
    ]
    designations += [
        Designation("modern-official", MODERN, ("320581",), grade="official"),
        Designation("modern-undated", MODERN, (PINGGU,), dated=False, grade="official"),
        Designation("modern-compiled", MODERN, (MIYUN,), grade="compilation"),
    ]
    found = {one.left_out: one for one in sensitivity.sensitivity(world(tmp_path, designations), BEFORE_REFORM)}
    numbers = {key: (one.overlaps, one.strong, one.kept) for key, one in found.items()}
    assert numbers == {
        "": (3, 2, 2),
        "inferred-mandates": (3, 2, 2),
        "undated": (2, 2, 2),
        "compilations": (2, 1, 1),
    }
    assert found[""].strengths == {"strong": 2, "plain": 1, "weak": 0}


def test_an_overlap_that_an_inferred_mandate_makes_is_gone_without_it(tmp_path: Path) -> None:
    mandate = {"programme": MODERN, "authority": "mara", "role": "administers", "status": "inferred", "mandate": "b"}
    asserted = {"programme": SCIENCE, "authority": "most", "role": "administers", "status": "asserted", "mandate": "a"}
    designations = [Designation(key, key, (PINGGU,)) for key in (SCIENCE, MODERN)]
    columns = world(tmp_path, designations, mandates=[asserted, mandate])
    found = {one.left_out: (one.overlaps, one.strong) for one in sensitivity.sensitivity(columns, BEFORE_REFORM)}
    assert found == {"": (1, 0), "inferred-mandates": (0, 0), "undated": (1, 0), "compilations": (1, 0)}


@pytest.mark.parametrize("today", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_numbers_of_the_release(columns: Columns, release: Release, today: bool) -> None:  # noqa: FBT001
    """Those of the graph, and with nothing left out those of the engine."""
    day = release.data_as_of if today else BEFORE_REFORM
    found = sensitivity.sensitivity(columns, day)
    query = questions.find(QUESTIONS, "46").query
    rows = questions.as_cells(questions.rows(EmbeddedStore(release.store_path), query))
    answered = {row[1].rpartition("/")[2]: tuple(map(int, row[2:])) for row in rows if row[0] == str(day)}
    assert answered == {one.left_out: (one.overlaps, one.strong, one.kept) for one in found}
    overlaps = [one for one in find.find(columns, day, TIERS[0]) if one.ranked]
    whole = next(one for one in found if not one.left_out)
    assert (whole.overlaps, whole.strong) == (len(overlaps), sum(one.strength == "strong" for one in overlaps))
    assert whole.kept == whole.strong
    assert all(one.kept <= one.strong and one.overlaps <= len(overlaps) * 2 for one in found)


def test_what_is_left_out_is_left_out(columns: Columns) -> None:
    day = date(2026, 11, 24)
    undated = {key for (key,) in columns.query("SELECT designation FROM designations WHERE NOT dated")}
    for left_out, step in sensitivity.LEFT_OUT.items():
        changed = columns.with_changes([step])
        members = {member for one in find.find(changed, day, TIERS[0]) for member in one.members}
        inferred = any(answer.inferred for answer in ministries(changed, day).values())
        grades = {grade for (grade,) in changed.query("SELECT DISTINCT best_grade FROM designations")}
        changed.close()
        assert members != set()
        assert (left_out == "inferred-mandates") is not inferred
        assert members.isdisjoint(undated) or left_out != "undated"
        assert grades <= {"official", "reprint"} or left_out != "compilations"


def test_names_say_what_is_left_out_in_the_words_of_the_scheme(release: Release) -> None:
    labels = graphs.scheme_labels(release.path / "graphs", "left-out")
    assert labels.keys() == sensitivity.LEFT_OUT.keys()
    one = sensitivity.Remaining(BEFORE_REFORM, "undated", 3, {"strong": 2}, 1)
    named = {
        (subject.rpartition("/")[2], value)
        for subject, predicate, value in sensitivity.triples([one, replace(one, left_out="")], labels)
        if predicate == term("skos:prefLabel")
    }
    assert named == {
        ("undated>", text("重叠的敏感性（2022-12-31）：不计日期不详的牌子", "zh")),
        ("undated>", text("Sensitivity of overlaps (2022-12-31): without undated designations", "en")),
        ("nothing>", text("重叠的敏感性（2022-12-31）：全部", "zh")),
        ("nothing>", text("Sensitivity of overlaps (2022-12-31): everything", "en")),
    }

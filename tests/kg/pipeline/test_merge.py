"""Merging by hand: the deciding record, disagreements, stages."""

from collections.abc import Mapping

import pytest

from kg.pipeline.merge import Designation, Merger, Rule, Value
from kg.tables import Row

STATED = ("stated", "notice", "precise", "newer", "first")
RULES = [
    Rule("extent", "one", ("place", "stated", "notice", "newer", "first")),
    Rule("approved_date", "one", STATED),
    Rule("place_ids", "one", STATED),
    Rule("standing", "one", ("newer", "notice", "first")),
    Rule("authority_ids", "one", ("stated", "notice", "newer", "first")),
    Rule("carrier_ids", "all", ("stated", "notice", "newer", "first")),
    Rule("document", "all", ("first",)),
]
COLUMNS = (
    *("id", "list_id", "programme", "name", "province", "prefecture", "county", "approved", "status", "authority"),
    *("carrier", "document", "compiled", "outcome", "stage", "approved_date", "standing", "place_ids", "extent"),
    *("carrier_ids", "authority_ids", "derived", "source_ids"),
)
MERGER = Merger(
    rules=RULES,
    reliability={"notice": "stated", "book": "compilation", "web": "low"},
    editions={"old": 1, "new": 2},
    levels={"110000": "province", "320000": "province", "320500": "prefecture", "320583": "county", "320581": "county"},
    upwards={
        "110000": ("110000", "100000"),
        "320000": ("320000", "100000"),
        "320500": ("320500", "320000", "100000"),
        "320583": ("320583", "320500", "320000", "100000"),
        "320581": ("320581", "320500", "320000", "100000"),
    },
    lists=frozenset({"place_ids", "carrier_ids", "authority_ids"}),
    read_from={"approved_date": ("approved",), "place_ids": ("county", "prefecture", "province")},
)


def record(key: str, cells: Mapping[str, str] | None = None, **more: str) -> Row:
    """Return a record of the list old, from the book, merged, with some cells."""
    usual = {"id": key, "list_id": "old", "outcome": "merged", "source_ids": "book"}
    return Row("records", "records/x.csv", 2, dict.fromkeys(COLUMNS, "") | usual | dict(cells or {}) | more)


def merge(*records: Row) -> Designation:
    designation = Row("designations", "designations/x.csv", 2, {"id": "zone-0001"})
    return MERGER.merge(designation, records)


def test_one_record_is_the_designation() -> None:
    designation = merge(record("a/1", approved_date="2000-04", place_ids="320583", extent="county", derived="extent"))
    assert designation.values == {
        "approved_date": Value(("2000-04",), ("a/1",), derived=False),
        "place_ids": Value(("320583",), ("a/1",), derived=False),
        "extent": Value(("county",), ("a/1",), derived=True),
    }
    assert designation.stages == {}


def test_different_stated_dates_disagree_and_the_notice_decides() -> None:
    """The case of a zone: 2000-04 in a notice against 2002-12 in a compilation."""
    found = merge(record("b/1", approved_date="2002-12"), record("a/1", approved_date="2000-04", source_ids="notice"))
    assert found.values["approved_date"] == Value(
        ("2000-04",), ("a/1",), derived=False, others=((("2002-12",), ("b/1",)),)
    )


def test_a_blank_disagrees_with_nothing() -> None:
    found = merge(record("a/1"), record("b/1", approved_date="2016"))
    assert found.values["approved_date"] == Value(("2016",), ("b/1",), derived=False)


def test_a_coarse_date_agrees_with_a_precise_one_that_lies_in_it() -> None:
    found = merge(record("a/1", approved_date="2000"), record("b/1", approved_date="2000-04-17"))
    assert found.values["approved_date"] == Value(("2000-04-17",), ("b/1",), derived=False)


def test_a_stated_coarse_date_goes_before_a_derived_precise_one() -> None:
    found = merge(
        record("a/1", approved_date="2000-04", derived="approved_date", source_ids="notice"),
        record("b/1", approved_date="2001"),
    )
    assert found.values["approved_date"] == Value(("2001",), ("b/1",), derived=False)


def test_what_the_compiler_of_a_list_derived_is_not_stated() -> None:
    compiled = record("a/1", approved="2000-04", approved_date="2000-04", compiled="approved")
    assert MERGER.is_derived(compiled, "approved_date")
    found = merge(compiled, record("b/1", approved="2002", approved_date="2002"))
    assert found.values["approved_date"] == Value(("2002",), ("b/1",), derived=False)


@pytest.mark.parametrize(
    ("printed", "compiled", "derived"),
    [
        ({"county": "昆山市", "prefecture": "苏州市"}, "prefecture", False),
        ({"county": "昆山市", "prefecture": "苏州市"}, "county", True),
        ({"prefecture": "苏州市"}, "county", False),
    ],
)
def test_a_place_is_derived_where_its_most_precise_cell_is(
    printed: dict[str, str], compiled: str, *, derived: bool
) -> None:
    assert MERGER.is_derived(record("a/1", printed, compiled=compiled), "place_ids") is derived


def test_the_county_goes_before_its_prefecture_without_disagreement_and_the_extent_goes_with_it() -> None:
    found = merge(
        record("a/1", place_ids="320500", extent="within-prefecture", outcome="taken"),
        record("b/1", place_ids="320583", extent="within-county"),
    )
    assert found.values["place_ids"] == Value(("320583",), ("b/1",), derived=False)
    assert found.values["extent"] == Value(("within-county",), ("b/1",), derived=False)


def test_a_derived_county_inside_the_stated_province_refines_it_and_one_outside_does_not() -> None:
    stated = record("a/1", place_ids="320000", extent="unknown", outcome="taken", source_ids="notice")
    found = merge(stated, record("b/1", place_ids="320583", extent="within-county", derived="place_ids;extent"))
    assert found.values["place_ids"] == Value(("320583",), ("b/1",), derived=True)
    assert found.values["extent"] == Value(("within-county",), ("b/1",), derived=True)
    elsewhere = record("a/1", place_ids="110000", extent="unknown", outcome="taken")
    found = merge(elsewhere, record("b/1", place_ids="320583", derived="place_ids"))
    assert found.values["place_ids"] == Value(("110000",), ("a/1",), derived=False)


def test_two_counties_disagree() -> None:
    found = merge(record("a/1", place_ids="320583"), record("b/1", place_ids="320581", list_id="new"))
    assert found.values["place_ids"] == Value(("320581",), ("b/1",), derived=False, others=((("320583",), ("a/1",)),))


def test_a_designation_in_several_counties_agrees_with_their_prefecture() -> None:
    found = merge(record("a/1", place_ids="320500"), record("b/1", place_ids="320581;320583"))
    assert found.values["place_ids"] == Value(("320581", "320583"), ("b/1",), derived=False)


def test_the_newer_list_decides_on_the_standing_and_time_is_no_disagreement() -> None:
    found = merge(
        record("a/1", standing="in-force", source_ids="notice"), record("b/1", standing="not-in-list", list_id="new")
    )
    assert found.values["standing"] == Value(("not-in-list",), ("b/1",), derived=False)


def test_all_carriers_count_and_all_documents_are_kept() -> None:
    found = merge(
        record("a/1", carrier_ids="x;y", document="国函〔1992〕1号;2号"),
        record("b/1", carrier_ids="y;z", document="国函〔2000〕3号", source_ids="notice"),
    )
    assert found.values["carrier_ids"] == Value(("y", "z", "x"), ("b/1", "a/1"), derived=False)
    assert found.values["document"] == Value(("国函〔1992〕1号;2号", "国函〔2000〕3号"), ("a/1", "b/1"), derived=False)


def test_authorities_that_are_part_of_others_agree_and_different_ones_do_not() -> None:
    found = merge(
        record("a/1", authority_ids="most;mof", outcome="taken"),
        record("b/1", authority_ids="most"),
        record("c/1", authority_ids="miit"),
    )
    assert found.values["authority_ids"] == Value(
        ("most", "mof"), ("a/1",), derived=False, others=((("miit",), ("c/1",)),)
    )


def test_a_designation_counts_from_its_first_stage_and_keeps_both() -> None:
    """A park begun in 2017 and recognised in December 2019: two dates of one designation, no disagreement."""
    found = merge(
        record("a/2", stage="recognised", approved_date="2019-12", source_ids="notice"),
        record("a/1", stage="begun", approved_date="2017", outcome="taken"),
    )
    assert [row["id"] for row in found.records] == ["a/1", "a/2"]
    assert found.values["approved_date"] == Value(("2017",), ("a/1",), derived=False)
    assert found.stages == {
        "begun": Value(("2017",), ("a/1",), derived=False),
        "recognised": Value(("2019-12",), ("a/2",), derived=False),
    }


def test_a_designation_whose_beginning_is_not_dated_counts_from_its_recognition() -> None:
    found = merge(
        record("a/1", stage="begun", outcome="taken"), record("a/2", stage="recognised", approved_date="2019-12")
    )
    assert found.cell("approved_date") == "2019-12"
    assert list(found.stages) == ["recognised"]

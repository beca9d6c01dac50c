"""The last day for which lists speak of a designation: after it, nobody knows whether it is in force."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from read_pages import soup

from kg.analysis.in_force import IN_FORCE
from kg.pipeline.designations import known_to
from kg.pipeline.merge import Designation, Value
from kg.release.columns import Columns
from kg.tables import Row

LISTS = {
    key: Row("lists", "lists.csv", 1, {"known_to": limit, "review_years": years, "edition": edition})
    for key, limit, years, edition in (
        ("closed", "2015", "", "2011"),
        ("reviewed", "", "2", ""),
        ("open", "", "", ""),
        ("old", "", "", "2020"),
        ("later", "", "", "2024-05"),
    )
}


NEVER, REPLACED = (Row("programmes", "programmes.csv", 1, {"known_to": limit}) for limit in ("", "2022"))


def designation(*records: tuple[str, str], ended: str = "", name: str = "") -> Designation:
    rows = tuple(Row("records", "x.csv", 1, {"list_id": key, "approved_date": day}) for key, day in records)
    values = {"ended_date": Value((ended,), (), derived=False)} if ended else {}
    return Designation(Row("designations", "x.csv", 1, {"id": "a", "name_zh": name}), rows, values, {})


@pytest.mark.parametrize(
    ("found", "limit"),
    [
        (designation(("closed", "2011-03-08")), date(2015, 12, 31)),
        (designation(("reviewed", "2002-12-31")), date(2004, 12, 31)),
        (designation(("reviewed", "")), None),
        (designation(("closed", "2011"), ("reviewed", "2014")), date(2016, 12, 31)),
        (designation(("closed", "2011"), ("open", "")), None),
        (designation(("closed", "2011"), ended="2013"), None),
    ],
)
def test_the_limit_that_lists_set(found: Designation, limit: date | None) -> None:
    assert known_to(found, LISTS, NEVER) == limit


@pytest.mark.parametrize(
    ("found", "limit"),
    [
        (designation(("old", "2011-03-08")), date(2022, 12, 31)),
        (designation(("closed", "2011-03-08")), date(2015, 12, 31)),
        (designation(("old", "2011"), ("later", "")), None),  # a later list says what became of it
        (designation(("old", "2011"), ended="2013"), None),
    ],
)
def test_the_limit_that_a_replaced_programme_sets(found: Designation, limit: date | None) -> None:
    assert known_to(found, LISTS, REPLACED) == limit


@pytest.mark.parametrize(
    ("name", "lists", "limit"),
    [
        ("天津出口加工区", ("old",), date(2022, 12, 31)),
        ("天津综合保税区", ("old",), None),
        ("天津出口加工区", ("old", "later"), None),
        ("天津出口加工区", ("closed",), date(2015, 12, 31)),
    ],
)
def test_the_limit_that_a_replaced_form_sets(name: str, lists: tuple[str, ...], limit: date | None) -> None:
    found = designation(*((key, "2000-04") for key in lists), name=name)
    form = Row("replaced_forms", "replaced_forms.csv", 1, {"word": "出口加工区", "known_to": "2022"})
    assert known_to(found, LISTS, NEVER, [form]) == limit


def test_export_processing_zones_are_not_known_to_be_in_force_today(columns: Columns) -> None:
    sql = f"""SELECT count(*), count(*) FILTER (name_zh LIKE '%出口加工区%') FROM designations
        WHERE programme = 'customs-special-zone' AND {IN_FORCE}"""  # noqa: S608
    days = (date(2017, 12, 31), date(2026, 11, 24))
    assert [columns.query(sql, {"as_of": day})[0] for day in days] == [(133, 27), (89, 0)]


def test_the_technology_system_counts_from_2011_to_2015(columns: Columns) -> None:
    def counted(day: date) -> int:
        sql = f"SELECT count(*) FROM designations WHERE programme LIKE 'cars-%' AND {IN_FORCE}"  # noqa: S608
        return int(columns.query(sql, {"as_of": day})[0][0])

    known = columns.query("SELECT count(*) FROM designations WHERE programme LIKE 'cars-%'")[0][0]
    assert [counted(date(year, 12, 31)) for year in (2010, 2011, 2015, 2016, 2026)] == [0, known, known, 0, 0]
    ended = "SELECT count(*) FROM designations WHERE programme LIKE 'cars-%' AND ended_first IS NOT NULL"
    assert columns.query(ended) == [(0,)]


def test_old_batches_of_firms_are_not_in_force_today(columns: Columns) -> None:
    sql = f"""SELECT DISTINCT year(approved_first) FROM designations
        WHERE programme = 'agri-leading-enterprise' AND {IN_FORCE}"""  # noqa: S608
    assert columns.query(sql, {"as_of": date(2026, 11, 24)}) == [(2024,)]


def test_the_page_says_since_when_it_is_not_known(client: FlaskClient) -> None:
    page = soup(client, "/page/designation/cars-rd-center-0001?lang=en")
    assert "not known since 2015-12-31" in page.get_text()

"""Import: an unprepared list, its preview, the written tables, a newer edition, refused cases."""

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from kg import tables
from kg.cli import main
from kg.errors import InputError
from kg.importing import headers, printed_dates
from kg.importing.plan import Order, Planner
from kg.importing.readers import spreadsheets
from kg.importing.registry import Known
from kg.importing.row_reader import Reader
from kg.tables import checks, writer

DATA = Path(__file__).parents[3] / "data"
PAPER = "paper-1-plates"
FIRST = """名称,省份,地级市,县区,批准时间,批准机关
扬州经济技术开发区,江苏省,扬州市,,2009-07,国务院
襄樊经济技术开发区,湖北省,襄樊市,,2010-04,国务院
吴江经济技术开发区,江苏省,苏州市,吴江区,2010-11,国务院
"""
Import = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real tables without the lists, of which only the paper's stays: what the tests import are the only zones."""
    folder = tmp_path_factory.mktemp("emptied") / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("*.py"))
    package = tables.open_package(folder)
    kept = {row["designation_id"] for row in package.rows("records") if row["list_id"] == PAPER}
    bearers = {key for row in package.rows("records") if row["list_id"] == PAPER for key in row.many("carrier_ids")}
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for entry in descriptor["resources"]:
        if entry["name"] == "records":
            entry["path"] = [f"records/{PAPER}.csv"]
        elif entry["name"] == "designations":
            entry["path"] = [path for path in entry["path"] if only(folder / path, kept)]
    emptied = (
        (name, set())
        for name in (
            *("designation_relations", "corrections", "parted_rows", "decisions", "withdrawn"),
            *("carrier_seats", "designation_places", "towns"),
        )
    )
    for name, keys in (("carriers", bearers), ("carrier_names", bearers), ("lists", {PAPER}), *emptied):
        only(folder / f"{name}.csv", keys, {"designation_id": "", "parent_id": ""})
    former = {row["id"] for row in package.rows("former_places") if row["code"].startswith(("32", "42"))}
    only(folder / "former_places.csv", former)
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    for path in (folder / "records").glob("*.csv"):
        if path.stem != PAPER:
            path.unlink()
    return folder


@pytest.fixture
def data(emptied: Path, tmp_path: Path) -> Path:
    """A copy to write into."""
    return Path(shutil.copytree(emptied, tmp_path / "data"))


def only(path: Path, keys: set[str], blank: dict[str, str] | None = None) -> bool:
    """Keep the rows of these keys; without any, a file of designations goes."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = [{**row, **{k: v for k, v in (blank or {}).items() if k in row}} for row in reader if row["id"] in keys]
        columns = list(reader.fieldnames or [])
    path.write_text(tables.to_csv(columns, ([row[c] for c in columns] for row in rows)), encoding="utf-8")
    return bool(rows)


@pytest.fixture
def imported(data: Path) -> Import:
    def run(path: Path, *options: str) -> tuple[int, str, str]:
        given = ["import", str(path), "--data", str(data), "--programme", "national-etdz", "--source", "pk-S04"]
        outcome = CliRunner().invoke(main, [*given, *options], catch_exceptions=False)
        return outcome.exit_code, outcome.stdout, outcome.stderr

    return run


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(data: Path, name: str) -> list[dict[str, str]]:
    return [dict(row.cells) for row in tables.open_package(data).rows(name)]


def brief(output: str) -> list[tuple[str, str, str, str]]:
    return [(row["line"], row["verdict"], row["name"], row["designation"]) for row in json.loads(output)]


@pytest.fixture
def first(tmp_path: Path, imported: Import) -> Path:
    """A list of three zones in GB 18030, taken in."""
    path = tmp_path / "zones.csv"
    path.write_bytes(FIRST.encode("gb18030"))
    code, _, errors = imported(path, "--edition", "2012", "--write")
    assert code == 0, errors
    return path


@pytest.fixture
def unprepared(tmp_path: Path) -> Path:
    """Odd headers, title and blank line above them, provinces merged over rows, two spellings of a city, a total."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名单"
    for row in (
        ["2015年国家级经济技术开发区名单（征求意见）"],
        [],
        ["序号", "所在省(区、市)", "地市", "开发区全称", "获批 时间", "审批机关", "主导产业", "面积（公顷）"],
        [1, "江苏省", "扬州", "扬州经济技术开发区", date(2009, 7, 1), "国务院", "新能源", 1100],
        [2, None, "扬州市", "江都经济技术开发区", "2013年11月", "国务院", "汽车", 900],
        [3, None, "苏州", "吴江东太湖经济技术开发区", "2016—2018年批复", "国务院", "电子信息", 800],
        [4, "湖北省", "襄阳", "襄阳经济技术开发区", "2010.04", "国务院", "汽车", 1470],
        [5, "湖北省", "襄樊市", "余家湖经济技术开发区", "2014年第四季度", "国务院、国家园区总局", None, 300.5],
        [6, "西北省", "某市", "某某经济技术开发区", 2015, "国务院", None, None],
        ["合计", None, None, "6家", None, None, None, 4570],
        ["注：面积为核准面积。"],
    ):
        sheet.append(row)
    for merged in ("A1:H1", "B4:B6", "A10:C10", "A11:H11"):
        sheet.merge_cells(merged)
    path = tmp_path / "unprepared.xlsx"
    book.save(path)
    return path


PREVIEW = [
    (
        "4",
        "same as",
        "扬州经济技术开发区",
        "national-etdz-0001",
        "321000",
        "2009-07-01",
        "state-council",
        "未说明在哪个县",
    ),
    ("5", "new", "江都经济技术开发区", "national-etdz-0004", "321012", "2013-11", "state-council", ""),
    (
        "6",
        "possibly the same as",
        "吴江东太湖经济技术开发区",
        "national-etdz-0005",
        "320509",
        "",
        "state-council",
        "“2016—2018年批复”不是一个日期；可能与national-etdz-0003（吴江经济技术开发区）是同一块牌子",
    ),
    (
        "7",
        "same as",
        "襄阳经济技术开发区",
        "national-etdz-0002",
        "420600",
        "2010-04",
        "state-council",
        "未说明在哪个县",
    ),
    (
        "8",
        "new",
        "余家湖经济技术开发区",
        "national-etdz-0006",
        "420600",
        "",
        "state-council",
        "“2014年第四季度”不是一个日期；未能识别批准机关“国家园区总局”；未说明在哪个县",
    ),
    ("9", "new", "某某经济技术开发区", "national-etdz-0007", "", "2015", "state-council", "未能识别所列的省"),
]
"""Line, verdict, name, designation, places, date, bodies, and the remarks in Chinese."""


def test_the_preview_of_a_list_that_nobody_prepared(
    data: Path, imported: Import, first: Path, unprepared: Path
) -> None:
    assert first.exists()
    before = tree(data)
    code, output, errors = imported(unprepared, "--format", "json")
    assert code == 0
    shown = ["line", "verdict", "name", "designation", "places", "date", "bodies"]
    found = [(*(row[name] for name in shown), row["remarks"].partition(" | ")[0]) for row in json.loads(output)]
    assert found == PREVIEW
    assert [row["remarks"].partition(" | ")[2] for row in json.loads(output)][4] == (
        "'2014年第四季度' is no date; authority '国家园区总局' is unknown; no county is stated"
    )
    assert errors.split("\n") == [
        "unprepared.xlsx, titled “2015年国家级经济技术开发区名单（征求意见）”: 6 rows",
        "  column 1 “序号” → serial (known)",
        "  column 2 “所在省(区、市)” → province (known)",
        "  column 3 “地市” → prefecture (known)",
        "  column 4 “开发区全称” → name (known)",
        "  column 5 “获批 时间” → approved (known)",
        "  column 6 “审批机关” → authority (known)",
        "  column 7 “主导产业” → field (known)",
        "  column 8 “面积（公顷）” → other (kept)",
        (
            "  sheet 名单, line 1 “2015年国家级经济技术开发区名单（征求意见）”: "
            "表头以上的标题 | title above the header; no row"
        ),
        "  sheet 名单, line 2: 空行 | blank line; no row",
        (
            "  sheet 名单, line 3 “序号 所在省(区、市) 地市 开发区全称 获批 时间 审批机关 主导产业 面积（公顷）”: "
            "表头 | header; no row"
        ),
        "  sheet 名单, line 10 “合计 6家 4570”: 合计行 | a total; no row",
        "  sheet 名单, line 11 “注：面积为核准面积。”: 附注 | note; no row",
        "  sheet 名单: 11 lines = 6 rows + 1 header + 0 sections + 3 notes + 1 blank",
        "3 new, 2 same as, 1 possibly the same as; would write 4 designations, 6 records, 0 carriers, 0 relations",
        "5 rows with a remark; the most frequent: 未说明在哪个县 | no county is stated",
        "nothing was written; --write writes it",
        "",
    ]
    assert tree(data) == before


def test_what_was_written_is_the_same_when_it_comes_again(
    data: Path, imported: Import, first: Path, unprepared: Path
) -> None:
    assert first.exists()
    code, _, errors = imported(unprepared, "--edition", "2015-06", "--format", "json", "--write")
    assert code == 0, errors
    assert errors.split("\n")[-6:] == [
        "written:",
        "records/unprepared.csv",
        "designations/national-etdz.csv",
        "lists.csv",
        "datapackage.json",
        "",
    ]
    records = [row for row in rows(data, "records") if row["list_id"] == "unprepared"]
    assert [(row["id"], row["outcome"], row["designation_id"]) for row in records] == [
        ("unprepared/0001", "merged", "national-etdz-0001"),
        ("unprepared/0002", "taken", "national-etdz-0004"),
        ("unprepared/0003", "taken", "national-etdz-0005"),
        ("unprepared/0004", "merged", "national-etdz-0002"),
        ("unprepared/0005", "taken", "national-etdz-0006"),
        ("unprepared/0006", "taken", "national-etdz-0007"),
    ]
    assert records[1] == dict.fromkeys(records[1], "") | {
        "id": "unprepared/0002",
        "list_id": "unprepared",
        "name": "江都经济技术开发区",
        "province": "江苏省",
        "prefecture": "扬州市",
        "approved": "2013年11月",
        "authority": "国务院",
        "field": "汽车",
        "other": '{"序号": "2", "面积（公顷）": "900"}',
        "outcome": "taken",
        "programme_id": "national-etdz",
        "designation_id": "national-etdz-0004",
        "approved_date": "2013-11",
        "place_ids": "321012",
        "place_basis": "derived",
        "extent": "within-county",
        "authority_ids": "state-council",
        "field_ids": "vehicles",
        "field_words": "汽车",
        "derived": "place_ids;extent",
        "source_ids": "pk-S04",
    }
    assert [row for row in rows(data, "lists") if row["id"] == "unprepared"] == [
        {
            "id": "unprepared",
            "title_zh": "2015年国家级经济技术开发区名单（征求意见）",
            "title_en": "National Economic and Technological Development Zone (unprepared)",
            "programme_ids": "national-etdz",
            "edition": "2015-06",
            "completeness": "unknown",
            "official_total": "",
            "official_total_text_zh": "",
            "official_total_text_en": "",
            "official_total_as_of": "",
            "known_to": "",
            "review_years": "",
            "source_ids": "pk-S04",
        }
    ]
    before = tree(data)
    code, output, errors = imported(unprepared, "--format", "json", "--write")
    assert code == 0
    assert [(row[1], row[3]) for row in brief(output)] == [
        *(("same as", row["designation_id"]) for row in records[:6]),
    ]
    assert errors.split("\n")[-2:] == ["nothing to write", ""]
    assert tree(data) == before


def test_a_newer_edition(data: Path, imported: Import, first: Path) -> None:
    first.write_text(
        "名称,省份,地级市,县区,批准时间,批准机关\n"
        "扬州经济技术开发区,江苏省,扬州市,,2009-07,国务院\n"
        "东太湖生态经济技术开发区,江苏省,苏州市,吴江区,2010-11,国务院\n"
        "海安经济技术开发区,江苏省,南通市,海安市,2012-07,国务院\n",
        encoding="utf-8",
    )
    edition = ("--replace", "--edition", "2016")
    code, output, errors = imported(first, *edition, "--format", "json", "--write")
    assert code == 0, errors
    assert brief(output) == [
        ("2", "same as", "扬州经济技术开发区", "national-etdz-0001"),
        ("3", "renamed", "东太湖生态经济技术开发区", "national-etdz-0003"),
        ("4", "new", "海安经济技术开发区", "national-etdz-0004"),
        ("", "vanished", "襄樊经济技术开发区", "national-etdz-0002"),
    ]
    records = [row for row in rows(data, "records") if row["list_id"] == "zones"]
    kept = ("id", "name", "outcome", "designation_id", "standing")
    assert [tuple(row[name] for name in kept) for row in records] == [
        ("zones/0001", "扬州经济技术开发区", "taken", "national-etdz-0001", ""),
        ("zones/0002", "襄樊经济技术开发区", "taken", "national-etdz-0002", "not-in-list"),
        ("zones/0003", "东太湖生态经济技术开发区", "taken", "national-etdz-0003", ""),
        ("zones/0004", "海安经济技术开发区", "taken", "national-etdz-0004", ""),
    ]
    assert records[1]["reason"] == "新版名单（2016）中没有 | not in the newer edition (2016)"
    assert [row["edition"] for row in rows(data, "lists") if row["id"] == "zones"] == ["2016"]
    before = tree(data)
    code, output, _ = imported(first, *edition, "--format", "json", "--write")
    assert [row[1] for row in brief(output)] == ["same as"] * 3
    assert tree(data) == before
    first.write_bytes(FIRST.encode("gb18030"))
    _, output, _ = imported(first, "--replace", "--edition", "2017", "--format", "json", "--write")
    assert brief(output)[1] == ("3", "same as", "襄樊经济技术开发区", "national-etdz-0002")
    back = next(row for row in rows(data, "records") if row["id"] == "zones/0002")
    assert (back["standing"], "standing" in back["derived"]) == ("", False)


def test_english_headers_and_names_of_places(tmp_path: Path, imported: Import) -> None:
    text = "No.,Name,Province,City,Approved\n1,海安经济技术开发区,Jiangsu,Nantong,2012-07\n2,West Zone,Jiangsoo,,2013\n"
    (tmp_path / "english.csv").write_text(text, encoding="utf-8")
    _, output, _ = imported(tmp_path / "english.csv", "--format", "csv")
    assert output.split("\n") == [
        "line,verdict,name,designation,places,date,bodies,carriers,fields,remarks",
        "2,new,海安经济技术开发区,national-etdz-0001,320685,2012-07,,,,",
        "3,new,West Zone,national-etdz-0002,,2013,,,,未能识别所列的省 | the province stated is unknown",
        "",
    ]


def test_nothing_is_written_where_a_rule_would_be_broken(data: Path) -> None:
    before = tree(data)
    good = (data / "lists.csv").read_text("utf-8") + "x,甲,A,,2015,unknown,,,,pk-S04\n"
    bad = (data / "withdrawn.csv").read_text("utf-8") + "designation/x,,reason,2015-13\n"
    with pytest.raises(InputError, match=r"withdrawn\.csv, row 2, column withdrawn_on: found '2015-13'"):
        writer.write(data, {"lists.csv": good, "withdrawn.csv": bad})
    assert tree(data) == before
    assert {path.name for path in data.parent.iterdir()} == {"data", ".data.lock"}


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--source", "pk-S0"], "zones.csv: found the source pk-S0, expected a key of the table sources"),
        (["--programme", "etdz"], "zones.csv: found the programme 'etdz', expected a key of the table programmes"),
        (
            ["--edition", "2012年"],
            "zones.csv: found the edition '2012年', expected a date as YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        (["--replace"], "zones.csv: found no older edition, expected records of the list zones to be replaced"),
        (["--same", "甲=x"], "zones.csv, column 甲: found x, expected a key of the table designations"),
        (["--column", "级=level"], "zones.csv, row 1, column 级: found no such header, expected this header"),
        (["--list", "甲"], "zones.csv: found the key '甲', expected --list KEY with letters, digits, dots and dashes"),
    ],
)
def test_a_fault_is_one_sentence(tmp_path: Path, imported: Import, options: list[str], fault: str) -> None:
    (tmp_path / "zones.csv").write_text(FIRST, encoding="utf-8")
    assert imported(tmp_path / "zones.csv", *options) == (1, "", f"guapai: 1 fault in the input:\n{fault}\n")


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16")]
)
def test_encodings(tmp_path: Path, encoding: str, told: str) -> None:
    (tmp_path / "zones.csv").write_bytes(FIRST.encode(encoding))
    sheet = spreadsheets.read(tmp_path / "zones.csv")
    assert sheet.encoding == told
    assert [line.cells for line in sheet.lines] == [tuple(line.split(",")) for line in FIRST.splitlines()]


@pytest.mark.parametrize(
    ("cell", "date", "remark"),
    [
        ("2013年11月", "2013-11", ""),
        ("2013.11", "2013-11", ""),
        ("１９９２．０８", "1992-08", ""),
        ("２０１１年９月", "2011-09", ""),
        ("1991-03", "1991-03", ""),
        ("2013/1/5", "2013-01-05", ""),
        ("20131105", "2013-11-05", ""),
        ("2013-11-05 00:00:00", "2013-11-05", ""),
        ("2019年度", "2019", ""),
        ("2013.1", "2013", "'2013.1' may be January or October: only the year is taken"),
        ("2000.04/2002.12", "", "'2000.04/2002.12' is no date"),
        ("2016—2018年批复", "", "'2016—2018年批复' is no date"),
        ("2013年第四季度", "", "'2013年第四季度' is no date"),
        ("2013-02-30", "", "'2013-02-30' is no date"),
        ("第二批", "", "'第二批' is no date"),
        ("", "", ""),
    ],
)
def test_dates(cell: str, date: str, remark: str) -> None:
    reading = printed_dates.read(cell)
    assert (reading.date, reading.remark[1] if reading.remark else "") == (date, remark)


def test_a_list_without_a_head_that_is_known(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        headers.parse(spreadsheets.read(tmp_path / "x.csv"), headers.Vocabulary(), {})
    expected = "a line of headers such as 名称, 省份, 批准时间 among the first lines (or --column HEADER=COLUMN)"
    (found,) = caught.value.complaints
    assert str(found) == f"x.csv: found no known header, expected {expected}"


def planned(data: Path, tmp_path: Path, programme: str, text: str) -> list[tuple[str, str]]:
    """Return verdict and designation of every row of a list."""
    package = checks.checked(data)
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    known = headers.Vocabulary.of(package)
    listing = headers.parse(spreadsheets.read(tmp_path / "x.csv"), known, {})
    plan = Planner(Reader(package, Known(package))).plan(listing, Order("x", "x.csv", programme, ("pk-S02",)))
    return [(entry.verdict, entry.designation.rpartition("-")[2]) for entry in plan.entries]


@pytest.mark.parametrize(
    ("programme", "text", "expected"),
    [
        (  # several carriers of one laboratory bear one designation
            "joint-state-key-laboratory",
            "名称,依托单位\n省部共建甲国家重点实验室,乙大学;丙大学\n省部共建甲国家重点实验室,丙大学、丁研究所\n",
            [("new", "0001"), ("same as", "0001")],
        ),
        (  # another institution bears another designation of one name
            "national-clinical-research-center",
            (
                "名称,省份,依托单位\n国家口腔疾病临床医学研究中心,北京市,北京大学口腔医院\n"
                "国家口腔疾病临床医学研究中心,四川省,四川大学华西口腔医院\n国家口腔疾病临床医学研究中心,,北京大学口腔医院\n"
            ),
            [("new", "0001"), ("new", "0002"), ("same as", "0001")],
        ),
        (  # the stages of one park are one designation
            "modern-agri-industrial-park",
            (
                "programme,name,province,approved\n"
                "国家现代农业产业园(创建),四川省眉山市东坡区现代农业产业园,四川省,2017\n"
                "国家现代农业产业园(认定),四川省眉山市东坡区现代农业产业园,四川省,2018\n"
            ),
            [("new", "0001"), ("same as", "0001")],
        ),
        (  # one name in two provinces, or in two counties, is two designations; an unknown place leaves a doubt
            "innovative-county",
            (
                "名称,省份,地级市,县\n鼓楼区,江苏省,南京市,鼓楼区\n鼓楼区,福建省,福州市,鼓楼区\n"
                "鼓楼区,江苏省,徐州市,鼓楼区\n鼓楼区,,,\n"
            ),
            [("new", "0001"), ("new", "0002"), ("possibly the same as", "0003"), ("possibly the same as", "0004")],
        ),
        (  # an exact repeat is left out, whatever its serial number
            "crop-mechanisation-demo-county",
            "序号,名称,省份,年份\n1,灌云县,江苏省,2020\n2,灌云县,江苏省,2020\n3,灌云县,江苏省,2021\n",
            [("new", "0001"), ("left out", ""), ("same as", "0001")],
        ),
        (  # what provinces gave is no national designation; a zone is not called by its place alone
            "national-etdz",
            "名称,省份,市,级别\n江都经济开发区,江苏省,扬州市,省级\n,江苏省,扬州市,国家级\n",
            [("left out", ""), ("left out", "")],
        ),
    ],
)
def test_identity(data: Path, tmp_path: Path, programme: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert planned(data, tmp_path, programme, text) == expected


def test_a_withdrawn_key_is_never_given_again(data: Path, tmp_path: Path) -> None:
    with (data / "withdrawn.csv").open("a", encoding="utf-8") as stream:
        stream.write("designation/maker-space-0007,,a repeat,2026-01-01\n")
    assert planned(data, tmp_path, "maker-space", "名称,依托单位\n甲众创空间,甲有限公司\n") == [("new", "0008")]


def test_designations_that_are_one_by_decision_are_one_for_the_importer(
    data: Path, tmp_path: Path, imported: Import
) -> None:
    """Both names mean the canonical key, the other is not given again, a newer edition leaves both in the tables."""
    (tmp_path / "a.csv").write_text("名称,依托单位\n甲众创空间,甲有限公司\n乙众创空间,乙有限公司\n", encoding="utf-8")
    options = ("--programme", "maker-space", "--write")
    assert imported(tmp_path / "a.csv", *options)[0] == 0
    with (data / "decisions.csv").open("a", encoding="utf-8") as stream:
        pair = "designation/maker-space-0002,designation/maker-space-0001"
        stream.write(f"decision-0001,,{pair},same,why,张三,2026-11-24,{'0' * 64},,,\n")
    text = "名称,依托单位\n甲众创空间,甲有限公司\n乙众创空间,乙有限公司\n丙众创空间,丙有限公司\n"
    assert planned(data, tmp_path, "maker-space", text) == [("same as", "0001"), ("same as", "0001"), ("new", "0003")]
    (tmp_path / "a.csv").write_text(
        "名称,依托单位,年份\n甲众创空间,甲有限公司,2020\n乙众创空间,乙有限公司,2021\n", encoding="utf-8"
    )
    assert imported(tmp_path / "a.csv", *options, "--replace")[0] == 0
    written = [(row["designation_id"], row["outcome"], row["approved"]) for row in rows(data, "records")]
    assert written[-2:] == [("maker-space-0001", "taken", "2020"), ("maker-space-0002", "taken", "2021")]
    checks.checked(data)

"""Published lists: kinds of files, damage, dates as shown, carriers, places, lists refused, lists that come again."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import docx
import list_files
import pytest
import xlsxwriter
from click.testing import CliRunner
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from kg import tables
from kg.cli import main
from kg.errors import InputError
from kg.importing import importer
from kg.importing.carrier_cells import CarrierCells
from kg.importing.headers import Printed
from kg.importing.line_kinds import Words
from kg.importing.readers import lines, spreadsheets
from kg.importing.registry import Known
from kg.importing.row_reader import Reader
from kg.tables import Package
from kg.text import misprints
from kg.text.names import NameWords
from kg.text.organisations import CarrierIndex, OrganisationNames

DATA = Path(__file__).parents[3] / "data"
ZONES = "national-etdz"
NAMES = "名称 | 省份\n昆山经济技术开发区 | 江苏省\n南通经济技术开发区 | 江苏省\n"


@pytest.fixture(scope="module")
def package() -> Package:
    return tables.open_package(DATA)


@pytest.fixture(scope="module")
def reader(package: Package) -> Reader:
    return Reader(package, Known(package))


def complaint(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        spreadsheets.read_all(path)
    return "\n".join(map(str, caught.value.complaints))


# kinds of files


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.pdf", b"%PDF-1.4\n", "a PDF, expected a table: copy it into a workbook and save that as XLSX"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "a Word file of the old kind (.doc), expected a file that is read: open it and save it as .docx",
        ),
        ("a.csv", b"%PDF-1.7\n", "a PDF, expected a table: copy it into a workbook and save that as XLSX"),
        ("a.rtf", b"{\\rtf1 }", "an RTF file, expected a file that is read: open it and save it as .docx"),
        ("a.csv", b" \n", "an empty file, expected a file with a table: CSV, XLSX, ODS, HTML or DOCX"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "a workbook as XML, expected a file that is read: open it and save it as .xlsx",
        ),
        (
            "a.html",
            b"<html><body><p>x</p></body></html>",
            "a page without a table, expected a file with a table: CSV, XLSX, ODS, HTML or DOCX",
        ),
    ],
)
def test_a_file_that_is_not_read_is_named_with_the_way_out(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert complaint(tmp_path / name) == f"{name}: found {found}"


def test_a_word_file_without_a_table_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = list_files.write(tmp_path / "x.docx", "¶ 名单见附件")
    expected = "a file with a table: CSV, XLSX, ODS, HTML or DOCX"
    assert complaint(path) == f"x.docx: found a Word file without a table, expected {expected}"


@pytest.mark.parametrize(
    ("suffix", "name"),
    [("html", "saved.xls"), ("xlsx", "wps.et"), ("xlsx", "named.csv"), ("ods", "named.xlsx"), ("docx", "named.doc")],
)
def test_the_content_of_a_file_tells_its_kind(tmp_path: Path, suffix: str, name: str) -> None:
    written = list_files.write(tmp_path / f"x.{suffix}", NAMES)
    written.rename(tmp_path / name)
    (sheet,) = spreadsheets.read_all(tmp_path / name)
    rows = [["名称", "省份"], ["昆山经济技术开发区", "江苏省"], ["南通经济技术开发区", "江苏省"]]
    assert [list(line.cells) for line in sheet.lines] == rows


def test_a_page_in_an_old_encoding(tmp_path: Path) -> None:
    page = "<html><table><tr><th>名称<th>省份<tr><td>昆山<br>经济技术开发区<td>江苏省</table>"
    (tmp_path / "x.xls").write_bytes(page.encode("gb18030"))
    (sheet,) = spreadsheets.read_all(tmp_path / "x.xls")
    assert [line.cells for line in sheet.lines] == [("名称", "省份"), ("昆山\n经济技术开发区", "江苏省")]


# damage


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('名称,省份\n甲,江苏省\n"乙,江苏省\n丙,江苏省\n', "x.csv, row 3: found unexpected end of data"),
        ('名称,省份\n"甲,江苏省\n"乙,江苏省\n', "x.csv, row 2: found ',' expected after '\"'"),
        (
            '名称,省份,年\n"甲,江苏省,2010\n乙",江苏省,2011\n',
            "x.csv, row 2: found a quoted cell of 2 lines that holds whole lines of the list",
        ),
        ("名称,省份\n甲\0乙,江苏省\n", "x.csv, row 2, column 1: found the control character '\\x00'"),
        (f"名称,省份\n甲,江苏省\n{'长' * 10_001},江苏省\n", "x.csv, row 3, column 1: found 10001 characters"),
        (f"名称,省份\n甲,江苏省\n{'长' * 1_000_000},江苏省\n", "x.csv, row 3: found field larger than field limit"),
    ],
)
def test_damage_is_named_with_its_row(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "x.csv").write_text(text, encoding="utf-8", newline="")
    assert complaint(tmp_path / "x.csv").startswith(where)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods", "html", "docx"])
def test_a_damaged_file_is_read_or_named(tmp_path: Path, suffix: str) -> None:
    """Cut at thirty places, and changed at thirty: never anything but lines or a complaint."""
    whole = list_files.write(tmp_path / f"x.{suffix}", NAMES).read_bytes()
    places = [len(whole) * number // 30 for number in range(30)]
    cut = [whole[:place] for place in places]
    changed = [whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :] for place in places]
    outcomes = set()
    for content in cut + changed:
        (tmp_path / "damaged").write_bytes(content)
        try:
            outcomes.add(type(spreadsheets.read_all(tmp_path / "damaged")))
        except InputError as error:
            outcomes.add(type(error))
    assert InputError in outcomes
    assert outcomes <= {InputError, tuple}


def test_lines_in_quotes_are_one_cell(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('名称,依托单位,年\n甲,"清华大学\n北京大学",2010\n', encoding="utf-8")
    (sheet,) = spreadsheets.read_all(tmp_path / "x.csv")
    assert [(line.number, line.cells) for line in sheet.lines][1] == (2, ("甲", "清华大学\n北京大学", "2010"))


def test_a_list_above_the_limits_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the limit the list is read, one line or cell above it is refused, in every format."""
    for suffix in ("csv", "xlsx", "ods", "html", "docx"):
        path = list_files.write(tmp_path / f"x.{suffix}", NAMES)
        for name, limit, found in (("MAX_LINES", 3, "2 lines"), ("MAX_CELLS", 6, "5 cells")):
            monkeypatch.setattr(lines, name, limit)
            assert len(spreadsheets.read_all(path)[0].lines) == 3
            monkeypatch.setattr(lines, name, limit - 1)
            assert f"more than {found}, expected at most {found}" in complaint(path)
            monkeypatch.undo()
    monkeypatch.setattr(spreadsheets, "MAX_FILE_BYTES", 10)
    assert complaint(path) == "x.docx: found more than 0 MB, expected at most 0 MB"


# dates


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ('yyyy"年"m"月"', "2013-11"),
        ("yyyy/mm", "2013-11"),
        ("yyyy", "2013"),
        ('yyyy"年"', "2013"),
        ("yyyy-mm-dd", "2013-11-01"),
        ("[$-804]yyyy\\年m\\月;@", "2013-11"),
        ("mm-dd-yy", "2013-11-01"),
    ],
)
def test_a_date_is_as_precise_as_the_workbook_shows_it(tmp_path: Path, number_format: str, text: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "批准时间"])
    sheet.append(["甲", date(2013, 11, 1)])
    sheet["B2"].number_format = number_format
    book.save(tmp_path / "x.xlsx")
    assert spreadsheets.read(tmp_path / "x.xlsx").lines[1].cells == ("甲", text)


def test_an_old_workbook(package: Package) -> None:
    """zones.xls: a hidden first sheet, a province merged over three rows, one day shown as month, year and day."""
    found = importer.listing(package, Path(__file__).parent / "zones.xls", ZONES)
    assert [(row.cells["name"], row.cells["province"], row.cells["approved"]) for row in found.rows] == [
        ("昆山经济技术开发区", "江苏省", "2013-11"),
        ("南通经济技术开发区", "江苏省", "2013"),
        ("扬州经济技术开发区", "江苏省", "2013-11-01"),
    ]
    assert found.aside == (("底表", ("隐藏的工作表，未读", "hidden, not read")),)


def test_a_date_of_ods_is_read_as_shown(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="date" office:date-value="2013-11-01"><text:p>2013年11月</text:p>'
    row = f"<table:table-row>{cell}</table:table-cell></table:table-row>"
    list_files.ods(tmp_path / "x.ods", "", f'<table:table table:name="a">{row}</table:table>')
    assert spreadsheets.read(tmp_path / "x.ods").lines[0].cells == ("2013年11月",)


def test_white_space_of_ods_is_read_and_a_reading_above_is_not(tmp_path: Path) -> None:
    ruby = "<text:ruby><text:ruby-base>泊头</text:ruby-base><text:ruby-text>bótóu</text:ruby-text></text:ruby>"
    text = f'<text:p>{ruby}市<text:s text:c="2"/>甲<text:line-break/>乙<text:tab/>丙</text:p>'
    row = f'<table:table-row><table:table-cell office:value-type="string">{text}</table:table-cell></table:table-row>'
    list_files.ods(tmp_path / "x.ods", "", f'<table:table table:name="a">{row}</table:table>')
    assert spreadsheets.read(tmp_path / "x.ods").lines[0].cells == ("泊头市  甲\n乙\t丙",)


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [(57, "2013-11"), (27, "2013-11"), (31, "2013-11-01"), (14, "2013-11-01"), ('yyyy"年"', "2013")],
)
def test_a_built_in_format_of_chinese_excel_keeps_its_precision(
    tmp_path: Path, number_format: int | str, shown: str
) -> None:
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    book.add_worksheet("a").write_number(0, 0, 41579, book.add_format({"num_format": number_format}))
    book.close()
    assert spreadsheets.read(tmp_path / "x.xlsx").lines[0].cells == (shown,)


WORD = {
    "<w:r><w:t>昆山</w:t></w:r><w:ins><w:r><w:t>高新区</w:t></w:r></w:ins>": "昆山高新区",
    "<w:r><w:t>昆山</w:t></w:r><w:del><w:r><w:delText>市</w:delText></w:r></w:del>": "昆山",
    "<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>昆山</w:t></w:r></w:sdtContent></w:sdt>": "昆山",
    '<w:smartTag w:element="chsdate"><w:smartTagPr/><w:r><w:t>2013年11月5日</w:t></w:r></w:smartTag>': "2013年11月5日",
    '<w:fldSimple w:instr="SEQ 序号"><w:r><w:t>7</w:t></w:r></w:fldSimple>': "7",
    "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>bó</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>泊</w:t></w:r></w:rubyBase>"
    "</w:ruby></w:r><w:r><w:t>头市</w:t></w:r>": "泊头市",
}
"""What stands in a paragraph of a Word file, and its text."""


@pytest.mark.parametrize("inside", WORD)
def test_text_within_other_elements_of_word_is_read(tmp_path: Path, inside: str) -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0)._tc.replace(table.cell(0, 0).paragraphs[0]._p, parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>"))
    document.save(tmp_path / "x.docx")
    assert [line.cells for line in spreadsheets.read(tmp_path / "x.docx").lines] == [(WORD[inside],)]


def test_rows_of_word_in_a_content_control_are_read_and_deleted_ones_are_not(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=1)
    for row, name in zip(table.rows, ("甲", "乙", "丙"), strict=True):
        row.cells[0].text = name
    controlled, deleted = table.rows[1]._tr, table.rows[2]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    controlled.addprevious(control)
    control[1].append(controlled)
    deleted.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')}/>"))
    document.save(tmp_path / "x.docx")
    assert [line.cells for line in spreadsheets.read(tmp_path / "x.docx").lines] == [("甲",), ("乙",)]


# sheets


def test_a_hidden_first_sheet_is_left_aside_and_named(package: Package, tmp_path: Path) -> None:
    book = Workbook()
    hidden, sheet = book.active, book.create_sheet("名单")
    assert hidden is not None
    hidden.title, hidden.sheet_state = "底表", "hidden"
    hidden.append(["名称", "省份"])
    hidden.append(["旧经济技术开发区", "江苏省"])
    sheet.append(["名称", "省份"])
    sheet.append(["昆山经济技术开发区", "江苏省"])
    book.save(tmp_path / "x.xlsx")
    styles = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    rows = "".join(
        f'<table:table table:name="{name}" table:style-name="{style}"><table:table-row><table:table-cell><text:p>名称'
        f"</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>{text}</text:p>"
        "</table:table-cell></table:table-row></table:table>"
        for name, style, text in (("底表", "h", "旧经济技术开发区"), ("名单", "v", "昆山经济技术开发区"))
    )
    list_files.ods(tmp_path / "x.ods", styles, rows)
    for name in ("x.xlsx", "x.ods"):
        found = importer.listing(package, tmp_path / name, ZONES)
        assert [row.cells["name"] for row in found.rows] == ["昆山经济技术开发区"]
        assert found.aside == (("底表", ("隐藏的工作表，未读", "hidden, not read")),)
        asked = importer.listing(package, tmp_path / name, ZONES, parts=["底表"])
        assert [row.cells["name"] for row in asked.rows] == ["旧经济技术开发区"]


@pytest.mark.parametrize(
    ("drawing", "found"),
    [
        ("甲 | 乙\n1 | 2", "found no known header"),
        (
            "序号 | 名称 | 年 | 名称 | 省份\n1 | 甲开发区 | 2010 | 乙开发区 | 江苏省",
            "found the header '名称' twice in one list",
        ),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(package: Package, tmp_path: Path, drawing: str, found: str) -> None:
    for suffix in ("csv", "xlsx", "ods", "html", "docx"):
        with pytest.raises(InputError, match=found):
            importer.listing(package, list_files.write(tmp_path / f"x.{suffix}", drawing), ZONES)


# cells


def index(package: Package) -> CarrierIndex:
    words = NameWords.of(package.rows("name_words"))
    return CarrierIndex(package.rows("carriers"), (), OrganisationNames(package.rows("organisation_words"), words))


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("清华大学，北京大学", ["清华大学", "北京大学"]),
        ("清华大学,北京大学、中国科学院物理研究所", ["清华大学", "北京大学", "中国科学院物理研究所"]),
        ("中国海洋大学/青岛海洋科学研究院", ["中国海洋大学", "青岛海洋科学研究院"]),
        ("清华大学等", ["清华大学"]),
        ("清华大学、北京大学等3家单位", ["清华大学", "北京大学"]),
        ("北京", []),
        ("江苏省", []),
        ("昆山市人民政府", ["昆山市人民政府"]),
        ("Foo Co., Ltd.", ["Foo Co., Ltd."]),
        ("北京大学（深圳，珠海）", ["北京大学（深圳，珠海）"]),
        ("上海A/B生物技术有限公司", ["上海A/B生物技术有限公司"]),
    ],
)
def test_carriers_of_a_cell(package: Package, cell: str, names: list[str]) -> None:
    cells = CarrierCells(index(package), Words.of(package))
    assert cells.names(cell)[0] == names


def test_a_carrier_one_character_off_a_known_one_is_remarked(package: Package) -> None:
    cells = CarrierCells(index(package), Words.of(package))
    english = "'中国科学院半导休研究所' differs from '中国科学院半导体研究所' by one character"
    assert tuple(cells.doubts(["中国科学院半导休研究所"], "")) == (
        ("“中国科学院半导休研究所”与“中国科学院半导体研究所”只差一字", english),
    )
    assert list(cells.doubts(["中国科学院半导体研究所"], "")) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("低维量子物理国家重点实验室", "低维量子物里国家重点实验室", True),
        ("低维量子物理国家重点实验室", "低维量子物理国家点实验室", True),
        ("石家庄市第一人民医院", "石家庄市第二人民医院", False),
        ("河南省农业科学院", "河北省农业科学院", False),
        ("甲国家实验", "乙国家实验", False),
        ("昆山经济技术开发区", "南通经济技术开发区", False),
    ],
)
def test_misprints(package: Package, one: str, other: str, *, expected: bool) -> None:
    known = misprints.Misprints(Words.of(package).telling)
    known.add(other, other)
    assert known.near(one) == (other if expected else "")


@pytest.mark.parametrize("cell", ["无", "暂无", "—", "――", "/", "／", "-", "N/A", "……"])
def test_placeholders(package: Package, cell: str) -> None:
    assert Words.of(package).nothing(cell)


@pytest.mark.parametrize("cell", ["无锡市", "空港", "A-B", "无锡/苏州"])
def test_no_placeholders(package: Package, cell: str) -> None:
    assert not Words.of(package).nothing(cell)


def place(reader: Reader, programme: str, edition: str = "2024", **cells: str) -> tuple[str, ...]:
    """Return the places that the cells of one row mean."""
    empty = dict.fromkeys(importer.headers.PRINTED, "")
    return reader.read(Printed(2, {**empty, **cells}), programme, edition, ("pk-S04",)).place.places


def test_a_prefecture_in_the_column_of_counties_is_the_prefecture(package: Package, reader: Reader) -> None:
    """All prefectures of today, by their full names, in the form of a list with province and 县（市）."""
    places = package.index("places")
    prefectures = [row for row in places.values() if row["level"] == "prefecture"]
    wrong = {}
    for row in prefectures:
        province = places[f"{row['id'][:2]}0000"]["name_zh"]
        found = place(reader, "innovative-county", province=province, county=row["name_zh"])
        if found != (row["id"],):
            wrong[row["name_zh"]] = found
    assert len(prefectures) == 333
    assert wrong == {}


def test_a_county_of_the_time_is_the_county(reader: Reader) -> None:
    """亳州市 was a county-level city until 2000, now 谯城区."""
    stated = {"province": "安徽省", "county": "亳州市"}
    assert place(reader, "innovative-county", "1996", **stated) == ("341602",)
    assert place(reader, "innovative-county", "2010", **stated) == ("341600",)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"province": "安徽省", "county": "亳州市"}, ("341600",)),
        ({"province": "安徽省", "prefecture": "亳州市", "county": "谯城区"}, ("341602",)),
        ({"province": "江苏省", "county": "昆山市"}, ("320583",)),
        ({"province": "江苏省", "prefecture": "苏州市", "county": "昆山市"}, ("320583",)),
        ({"province": "辽宁省", "county": "朝阳县"}, ("211321",)),
    ],
)
def test_counties_and_prefectures(reader: Reader, cells: dict[str, str], expected: tuple[str, ...]) -> None:
    assert place(reader, "innovative-county", **cells) == expected


@pytest.mark.parametrize(
    ("province", "name", "expected"),
    [
        ("河南省", "河南中原国家农业科技园区", ("410000",)),
        ("广东省", "广东新兴产业国家高新技术产业化基地", ("440000",)),
        ("浙江省", "浙江钱塘江流域国家生态文明先行示范区", ("330000",)),
        ("江苏省", "江苏滨海湿地国家野外科学观测研究站", ("320000",)),
        ("广东省", "广东南海海洋国家野外科学观测研究站", ("440000",)),
        ("贵州省", "贵州赤水河流域国家生态文明先行示范区", ("520000",)),
        ("河南省", "郑州市中原区国家创新型县", ("410102",)),
        ("广东省", "广东新兴国家农业科技园区", ("445321",)),
        ("江苏省", "江苏滨海国家农业科技园区", ("320922",)),
        ("贵州省", "贵州赤水国家农业科技园区", ("520381",)),
        ("江苏省", "江苏昆山湿地国家农业科技园区", ("320583",)),
    ],
)
def test_words_for_regions_are_no_counties(reader: Reader, province: str, name: str, expected: tuple[str, ...]) -> None:
    assert place(reader, "agri-sci-park", province=province, name=name) == expected


@pytest.mark.parametrize("name", ["江苏省苏州市昆山经济技术开发区", "苏州市昆山经济技术开发区"])
def test_a_full_address_is_the_designation_of_the_name(reader: Reader, name: str) -> None:
    known = reader.known
    assert known.identity(name, ZONES, ["320583"]) == known.identity("昆山经济技术开发区", ZONES, ["320583"])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("低维量子物里国家重点实验室", ["低维量子物理国家重点实验室"]),
        ("低维量子物理国家重点实验室", []),
        ("高维金属物里国家重点实验室", []),
    ],
)
def test_a_name_one_character_off_a_known_one_is_doubtful(reader: Reader, name: str, found: list[str]) -> None:
    near = reader.known.misprinted(name, "state-key-laboratory", ())
    assert [designation.names[0] for designation in near] == found


def test_a_word_for_the_cell_above_in_the_first_row_is_remarked(package: Package, tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx", "ods", "html", "docx"):
        path = list_files.write(tmp_path / f"x.{suffix}", "名称 | 省份\n昆山经济技术开发区 | 同上\n")
        (row,) = importer.listing(package, path, ZONES).rows
        assert (row.cells["province"], row.other, row.remarks[0][1]) == (
            "",
            {"省份": "同上"},
            "no row stands above '同上'",
        )


# the command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The real tables, to be written to."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("*.py"))
    return tmp_path / "data"


def run(data: Path, path: Path, *options: str) -> tuple[int, str, str]:
    given = ["import", str(path), "--data", str(data), "--programme", ZONES, "--source", "pk-S04", "--format", "json"]
    outcome = CliRunner().invoke(main, [*given, *options], catch_exceptions=False)
    return outcome.exit_code, outcome.stdout, outcome.stderr


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_a_line_that_is_not_accounted_for_is_told_or_nothing_is_written(tmp_path: Path, data: Path) -> None:
    drawing = """
    序号 | 名称 | 省份 | 依托单位
    江苏省（1家） | < | < | <
    1 | ★某某经济技术开发区 | 同上 | 无
    沿江片区单位 | | |
    2 | 另一经济技术开发区 | 江苏省 | —
    """
    path = list_files.write(tmp_path / "x.xlsx", drawing)
    before = tree(data)
    code, _, errors = run(data, path, "--write")
    assert (code, tree(data)) == (1, before)
    assert "x.xlsx, sheet Sheet1, row 4: found '沿江片区单位', expected every line to be a row" in errors
    code, _, errors = run(data, path, "--line", "4=note", "--write")
    assert code == 0, errors
    assert "  sheet Sheet1: 5 lines = 2 rows + 1 header + 1 section + 1 note + 0 blank\n" in errors
    with (data / "records" / "x.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    above, section = {"省份": "同上", "依托单位": "无"}, {"小标题": "江苏省（1家）"}
    assert [(row["name"], row["province"], row["carrier"], json.loads(row["other"])) for row in rows] == [
        ("某某经济技术开发区", "江苏省", "", {"序号": "1", "名称": "★某某经济技术开发区", **above, **section}),
        ("另一经济技术开发区", "江苏省", "", {"序号": "2", "依托单位": "—", **section}),
    ]
    after = tree(data)
    code, _, errors = run(data, path, "--line", "4=note", "--write")
    assert (code, errors.rstrip().split("\n")[-1], tree(data)) == (0, "nothing to write", after)


@pytest.mark.slow
def test_a_list_without_a_column_of_names_is_refused(tmp_path: Path, data: Path) -> None:
    path = list_files.write(tmp_path / "x.csv", "省份 | 数量\n江苏省 | 3\n浙江省 | 4\n")
    code, _, errors = run(data, path)
    assert code == 1
    assert "x.csv, row 2: found no column that is the name, expected a column of names (--column HEADER=name)" in errors

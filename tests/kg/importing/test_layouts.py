"""Layouts of published lists: what each line becomes, in every format; layouts that are refused, with the reason.

The cases were written before the rules. A row is expected as name|province|carrier|date,
the account as rows+headers+sections+notes+blank lines.
"""

from pathlib import Path

import list_files
import pytest

from kg import tables
from kg.importing import importer
from kg.importing.line_kinds import Kind
from kg.importing.listing import Listing
from kg.tables import Package

DATA = Path(__file__).parents[3] / "data"
SHOWN = ("name", "province", "carrier", "approved")
ZONES = "national-etdz"


@pytest.fixture(scope="module")
def package() -> Package:
    return tables.open_package(DATA)


def listing(package: Package, path: Path, programme: str = ZONES, **options: object) -> Listing:
    return importer.listing(package, path, programme, **options)  # type: ignore[arg-type]


def shown(found: Listing) -> list[str]:
    return ["|".join(row.cells[column] for column in SHOWN).rstrip("|") for row in found.rows]


def kinds(found: Listing) -> str:
    """Return the account of the sheets: rows, headers, sections, notes, blank lines, lines not accounted for."""
    order = (Kind.ROW, Kind.HEADER, Kind.SECTION, Kind.NOTE, Kind.BLANK)
    for account in found.accounts:
        assert account.lines == sum(account.kinds.values())
    return " ".join(
        "+".join(str(account.kinds.get(kind, 0)) for kind in order)
        + (f"?{account.unaccounted}" if account.unaccounted else "")
        for account in found.accounts
    )


CASES = [
    # sections
    (
        "merged section rows",
        "xlsx ods html docx",
        """
        国家级经济技术开发区名单 | < | <
        序号 | 开发区名称 | 批准时间
        江苏省（2家） | < | <
        1 | 昆山经济技术开发区 | 1992.08
        2 | 南通经济技术开发区 | 1984.12
        北京市 | < | <
        3 | 北京经济技术开发区 | 1994.08
        """,
        [
            "昆山经济技术开发区|江苏省||1992.08",
            "南通经济技术开发区|江苏省||1984.12",
            "北京经济技术开发区|北京市||1994.08",
        ],
        "3+1+2+1+0",
    ),
    (
        "section rows in the first column, not merged",
        "csv xlsx",
        """
        序号 | 名称 | 批准时间
        一、江苏省 | |
        1 | 昆山经济技术开发区 | 1992.08
        二、浙江省 | |
        2 | 宁波经济技术开发区 | 1984.10
        """,
        ["昆山经济技术开发区|江苏省||1992.08", "宁波经济技术开发区|浙江省||1984.10"],
        "2+1+2+0+0",
    ),
    (
        "section rows in the column of names",
        "csv xlsx ods",
        """
        名称
        江苏省（2家）
        昆山经济技术开发区
        南通经济技术开发区
        新疆生产建设兵团（1家）
        石河子经济技术开发区
        """,
        ["昆山经济技术开发区|江苏省", "南通经济技术开发区|江苏省", "石河子经济技术开发区|新疆生产建设兵团"],
        "3+1+2+0+0",
    ),
    (
        "sections as text between the tables",
        "html docx",
        """
        ¶ 附件1
        ¶ 江苏省：
        名称 | 批准时间
        昆山经济技术开发区 | 1992.08
        ¶ 浙江省：
        名称 | 批准时间
        宁波经济技术开发区 | 1984.10
        """,
        ["昆山经济技术开发区|江苏省||1992.08", "宁波经济技术开发区|浙江省||1984.10"],
        "2+2+2+1+0",
    ),
    (
        "sections of another kind, and a prefecture",
        "csv xlsx html docx",
        """
        序号 | 名称 | 省份
        第一批（1家） | |
        1 | 昆山经济技术开发区 | 江苏省
        苏州市（1家） | |
        2 | 吴江经济技术开发区 |
        """,
        ["昆山经济技术开发区|江苏省", "吴江经济技术开发区|江苏省"],
        "2+1+2+0+0",
    ),
    (
        "years as sections",
        "csv xlsx ods html docx",
        """
        序号 | 名称 | 省份
        2015年 | |
        1 | 昆山经济技术开发区 | 江苏省
        2016 | |
        2 | 南通经济技术开发区 | 江苏省
        2017年第二批 | |
        3 | 宁波经济技术开发区 | 浙江省
        """,
        ["昆山经济技术开发区|江苏省", "南通经济技术开发区|江苏省", "宁波经济技术开发区|浙江省"],
        "3+1+3+0+0",
    ),
    (
        "a province printed in the first row of each group",
        "csv",
        """
        省份 | 名称
        江苏省 | 昆山经济技术开发区
         | 南通经济技术开发区
         | 连云港经济技术开发区
        浙江省 | 宁波经济技术开发区
         | 温州经济技术开发区
        """,
        [
            "昆山经济技术开发区|江苏省",
            "南通经济技术开发区|江苏省",
            "连云港经济技术开发区|江苏省",
            "宁波经济技术开发区|浙江省",
            "温州经济技术开发区|浙江省",
        ],
        "5+1+0+0+0",
    ),
    (
        "a text alone in a numbered list is not guessed",
        "csv xlsx html docx",
        """
        序号 | 名称 | 批准时间
        1 | 昆山经济技术开发区 | 1992.08
        沿江片区单位 | |
        2 | 南通经济技术开发区 | 1984.12
        """,
        ["昆山经济技术开发区|||1992.08", "南通经济技术开发区|||1984.12"],
        "2+1+0+0+0?1",
    ),
    # notes
    (
        "foot notes",
        "csv xlsx ods html docx",
        """
        序号 | 名称 | 省份
        1 | 昆山经济技术开发区 | 江苏省
        注：1. 排名不分先后 | |
        2. 名单以批复文件为准 | |
        工业和信息化部办公厅 | |
        2020年3月5日印发 | |
        此件公开发布 | |
        — 2 — | |
        """,
        ["昆山经济技术开发区|江苏省"],
        "1+1+0+6+0",
    ),
    (
        "notes in a list of names only",
        "csv xlsx",
        """
        名称
        1. 昆山经济技术开发区
        2. 南通经济技术开发区
        （排名不分先后）
        合计：2家
        """,
        ["昆山经济技术开发区", "南通经济技术开发区"],
        "2+1+0+2+0",
    ),
    (
        "names that begin like notes, and towns with commas, are rows",
        "csv xlsx",
        """
        名称
        打印复印产业国家新型工业化产业示范基地
        数据中心国家新型工业化产业示范基地
        电话机产业国家新型工业化产业示范基地
        昆山市周庄镇，常熟市海虞镇，江阴市新桥镇
        """,
        [
            "打印复印产业国家新型工业化产业示范基地",
            "数据中心国家新型工业化产业示范基地",
            "电话机产业国家新型工业化产业示范基地",
            "昆山市周庄镇",
            "常熟市海虞镇",
            "江阴市新桥镇",
        ],
        "4+1+0+0+0",
    ),
    (
        "notes as text below the table",
        "html docx",
        """
        名称 | 省份
        昆山经济技术开发区 | 江苏省
        ¶ 以上名单由各省推荐
        ¶ 网站地图
        """,
        ["昆山经济技术开发区|江苏省"],
        "1+1+0+2+0",
    ),
    # headers
    (
        "a header repeated at a page break",
        "csv xlsx ods html docx",
        """
        序号 | 名称 | 依托单位
        1 | 甲国家工程研究中心 | 清华大学
        （续表） | |
        序号 | 名称 | 依托单位
        2 | 乙国家工程研究中心 | 北京大学
        """,
        ["甲国家工程研究中心||清华大学", "乙国家工程研究中心||北京大学"],
        "2+2+0+1+0",
    ),
    (
        "a row of words that are headers elsewhere",
        "csv xlsx html docx",
        """
        名单 | 层次 | 类别 | 角色
        昆山 | 县 | 市 | 依托单位
        江阴 | 县 | 市 | 主管部门
        """,
        ["昆山", "江阴"],
        "2+1+0+0+0",
    ),
    (
        "a header of two lines",
        "csv xlsx ods html docx",
        """
        序号 | 名称 | 所在地 | < | 批准时间
        ^ | ^ | 省 | 市 | ^
        1 | 昆山经济技术开发区 | 江苏省 | 苏州市 | 1992.08
        """,
        ["昆山经济技术开发区|江苏省||1992.08"],
        "1+2+0+0+0",
    ),
    (
        "a further table with other columns and no known header",
        "docx html",
        """
        序号 | 名称 | 省份
        1 | 昆山经济技术开发区 | 江苏省
        ¶ 统计
        甲类 | 乙类 | 丙类 | 丁类 | 戊类
        1 | 2 | 3 | 4 | 5
        """,
        ["昆山经济技术开发区|江苏省"],
        "1+1+0+1+0?2",
    ),
    (
        "a further table as wide as the list, below a title of its own",
        "docx html",
        """
        序号 | 名称 | 省份
        1 | 昆山经济技术开发区 | 江苏省
        ¶ 附件2 工作进度安排
        阶段 | 任务 | 时限
        一 | 申报 | 三月
        """,
        ["昆山经济技术开发区|江苏省"],
        "1+1+0+1+0?2",
    ),
    (
        "a table that a page break parts, with and without a word",
        "docx html",
        """
        序号 | 名称 | 省份
        1 | 昆山经济技术开发区 | 江苏省
        ¶ （续表）
        2 | 南通经济技术开发区 | 江苏省
        ¶ 浙江省（1家）
        3 | 宁波经济技术开发区 |
        """,
        ["昆山经济技术开发区|江苏省", "南通经济技术开发区|江苏省", "宁波经济技术开发区|浙江省"],
        "3+1+1+1+0",
    ),
    # side by side
    (
        "two lists side by side",
        "csv xlsx ods html docx",
        """
        序号 | 名称 | 省份 | 序号 | 名称 | 省份
        1 | 昆山经济技术开发区 | 江苏省 | 3 | 宁波经济技术开发区 | 浙江省
        2 | 南通经济技术开发区 | 江苏省 | 4 | 温州经济技术开发区 | 浙江省
        """,
        [
            "昆山经济技术开发区|江苏省",
            "南通经济技术开发区|江苏省",
            "宁波经济技术开发区|浙江省",
            "温州经济技术开发区|浙江省",
        ],
        "2+1+0+0+0",
    ),
    (
        "three lists side by side, of unequal length, with sections over all",
        "csv xlsx ods html",
        """
        序号 | 名称 | 序号 | 名称 | 序号 | 名称
        江苏省（4家） | < | < | < | < | <
        1 | 昆山经济技术开发区 | 2 | 南通经济技术开发区 | 3 | 连云港经济技术开发区
        4 | 扬州经济技术开发区 | | | |
        浙江省（2家） | < | < | < | < | <
        5 | 宁波经济技术开发区 | 6 | 温州经济技术开发区 | |
        """,
        [
            "昆山经济技术开发区|江苏省",
            "扬州经济技术开发区|江苏省",
            "宁波经济技术开发区|浙江省",
            "南通经济技术开发区|江苏省",
            "温州经济技术开发区|浙江省",
            "连云港经济技术开发区|江苏省",
        ],
        "3+1+2+0+0",
    ),
    # sheets
    (
        "a cover before the list",
        "xlsx ods",
        """
        国家级经济技术开发区名单
        商务部
        ---
        名称 | 省份
        昆山经济技术开发区 | 江苏省
        """,
        ["昆山经济技术开发区|江苏省"],
        "0+0+0+2+0 1+1+0+0+0",
    ),
    (
        "a list over two sheets",
        "xlsx ods",
        """
        名称 | 省份
        昆山经济技术开发区 | 江苏省
        ---
        省份 | 名称
        浙江省 | 宁波经济技术开发区
        """,
        ["昆山经济技术开发区|江苏省", "宁波经济技术开发区|浙江省"],
        "1+1+0+0+0 1+1+0+0+0",
    ),
    (
        "a sheet of figures beside the list",
        "xlsx ods",
        """
        名称 | 省份
        昆山经济技术开发区 | 江苏省
        ---
        类 | 数 | 比
        甲 | 1 | 2
        """,
        ["昆山经济技术开发区|江苏省"],
        "1+1+0+0+0 0+0+0+0+0?2",
    ),
    # cells
    (
        "placeholders and words for the cell above",
        "csv xlsx ods html docx",
        """
        名称 | 省份 | 依托单位 | 批准时间
        甲国家工程研究中心 | 江苏省 | 南京大学 | 2013年
        乙国家工程研究中心 | 同上 | 〃 | —
        丙国家工程研究中心 | 浙江省 | 无 | 暂无
        丁国家工程研究中心 | / | —— | ／
        """,
        [
            "甲国家工程研究中心|江苏省|南京大学|2013年",
            "乙国家工程研究中心|江苏省|南京大学",
            "丙国家工程研究中心|浙江省",
            "丁国家工程研究中心",
        ],
        "4+1+0+0+0",
    ),
    (
        "towns of a province in one cell",
        "csv xlsx ods html docx",
        """
        省份 | 示范镇（乡）名单
        江苏省 | 昆山市周庄镇、常熟市海虞镇，江阴市新桥镇
        新疆维吾尔自治区 | 和田县巴格其镇；叶城县恰尔巴格乡
        """,
        [
            "昆山市周庄镇|江苏省",
            "常熟市海虞镇|江苏省",
            "江阴市新桥镇|江苏省",
            "和田县巴格其镇|新疆维吾尔自治区",
            "叶城县恰尔巴格乡|新疆维吾尔自治区",
        ],
        "2+1+0+0+0",
    ),
    (
        "a name with commas is one name",
        "csv xlsx",
        """
        名称 | 省份
        郑州、洛阳、新乡国家自主创新示范区 | 河南省
        石家庄市、廊坊市跨境电子商务综合试验区 | 河北省
        """,
        ["郑州、洛阳、新乡国家自主创新示范区|河南省", "石家庄市、廊坊市跨境电子商务综合试验区|河北省"],
        "2+1+0+0+0",
    ),
    (
        "marks around names",
        "csv xlsx ods html docx",
        """
        名称 | 省份
        1. 昆山经济技术开发区* | 江苏省
        （二）南通经济技术开发区※ | 江苏省
        ★连云港经济技术开发区① | 江苏省
        三、扬州经济技术开发区。 | 江苏省
        徐\u200b州经济技术开发区[1] | 江苏省
        500米口径望远镜国家大科学装置 | 贵州省
        """,
        [
            "昆山经济技术开发区|江苏省",
            "南通经济技术开发区|江苏省",
            "连云港经济技术开发区|江苏省",
            "扬州经济技术开发区|江苏省",
            "徐州经济技术开发区|江苏省",
            "500米口径望远镜国家大科学装置|贵州省",
        ],
        "6+1+0+0+0",
    ),
    (
        "a column 城市 beside the names",
        "csv xlsx docx",
        """
        城市 | 开发区名称 | 單位名稱
        苏州市 | 昆山经济技术开发区 | 昆山市人民政府
        """,
        ["昆山经济技术开发区||昆山市人民政府"],
        "1+1+0+0+0",
    ),
    (
        "traditional headers",
        "csv xlsx html",
        """
        名稱 | 省份 | 批準時間
        昆山经济技术开发区 | 江苏省 | 1992.08
        """,
        ["昆山经济技术开发区|江苏省||1992.08"],
        "1+1+0+0+0",
    ),
]


@pytest.mark.parametrize(
    ("suffix", "drawing", "wanted"),
    [
        pytest.param(suffix, drawing, (expected, account), id=f"{name} ({suffix})")
        for name, suffixes, drawing, expected, account in CASES
        for suffix in suffixes.split()
    ],
)
def test_layout(package: Package, tmp_path: Path, suffix: str, drawing: str, wanted: tuple[list[str], str]) -> None:
    found = listing(package, list_files.write(tmp_path / f"x.{suffix}", drawing))
    assert (shown(found), kinds(found)) == wanted

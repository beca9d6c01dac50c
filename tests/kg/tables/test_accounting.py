"""Import accounting: the rows of every list add up, and the lists are as long as the pack's."""

from pathlib import Path

import pytest
from parted_rows import further

from kg import tables
from kg.tables import accounting
from kg.tables.accounting import Account
from kg.tables.decided import decided

DATA = Path(__file__).parents[3] / "data"
BESIDES = {"paper-1-plates", "kaifaqu_2018_national", "kaifaqu_2018_provincial_partial"}
BESIDES |= {"guojia_nongye_keji_yuanqu_checks"}
"""Lists that are not in the pack as lists of designations: the paper, the catalogue, the acceptance notices."""
ROWS = {
    "paper-1-plates": 13,
    "guojia_gaoxinqu": 174,
    "guojia_jingkaiqu": 236,
    "haiguan_teshu_jianguan_2018": 135,
    "bianjing_jingji_hezuoqu_2018": 19,
    "qita_guojiaji_kaifaqu_2018": 23,
    "kaifaqu_2018_national": 552,
    "kaifaqu_2018_provincial_partial": 126,
    "guojia_nongye_keji_yuanqu": 307,
    "extra_agri_sci_parks": 233,
    "guojia_nongye_keji_yuanqu_checks": 486,
    "guojia_nonggaoqu": 9,
    "guojia_zichuangqu": 23,
    "guojiaji_xinqu": 19,
    "ziyou_maoyi_shiyanqu": 22,
    "kechixu_yicheng_shifanqu": 11,
    "kechixu_fazhan_xianjin_shifanqu": 13,
    "chengguo_zhuanyi_shifanqu": 10,
    "extra_changjiang_zhuanxing_kaifaqu": 33,
    "guojia_xiandai_nongye_chanyeyuan": 546,
    "nongye_chanye_qiangzhen": 1900,
    "nongye_xiandaihua_shifanqu": 300,
    "youshi_tese_chanye_jiqun": 260,
    "extra_moa_county_pilots": 1432,
    "extra_moa_germplasm_banks": 107,
    "extra_moe_moa_field_stations": 158,
    "extra_keji_fuwuye_shidian": 25,
    "extra_dashuju_zonghe_shiyanqu": 8,
    "extra_zhishi_chanquan_shifan_chengshi": 41,
    "chuangxinxing_chengshi": 97,
    "chuangxinxing_xianshi_partial": 71,
    "rengong_zhineng_shiyanqu": 18,
    "shuzi_jingji_shiyanqu": 6,
    "shuangchuang_shifan_jidi_partial": 19,
    "xinxing_gongyehua_jidi_partial": 12,
    "xianjin_zhizaoye_jiqun_partial": 39,
    "zhanlue_xinxing_jiqun_partial": 11,
    "innovative_industry_clusters": 10,
    "keji_chuangxin_zhongxin": 6,
    "science_innovation_center_cities": 9,
    "zonghexing_guojia_kexue_zhongxin": 5,
    "skl_state_key_labs": 478,
    "national_key_labs_new_sequence": 24,
    "national_laboratories": 5,
    "national_field_stations": 166,
    "national_enterprise_tech_centers": 1700,
    "manufacturing_innovation_centers": 26,
    "technology_innovation_centers": 12,
    "industry_innovation_centers": 7,
    "clinical_research_centers": 27,
    "sci_resource_platforms": 25,
    "university_science_parks": 31,
    "most_engineering_technology_research_centers": 13,
    "ndrc_engineering_research_centers": 13,
    "ndrc_engineering_laboratories": 10,
    "major_sci_infrastructure": 17,
}
"""Number of rows of each list in the pack."""
PROVINCIAL = "省级牌子，不是国家级牌子 | a designation of the level 省级, not a national one"
REPEAT = "与另一记录逐字相同 | an exact repeat of another record"


@pytest.fixture(scope="module")
def package() -> tables.Package:
    return decided(tables.open_package(DATA))


@pytest.fixture(scope="module")
def accounts(package: tables.Package) -> dict[str, Account]:
    return {account.list_id: account for account in accounting.accounts(package)}


def test_the_lists_of_the_pack_are_whole(accounts: dict[str, Account]) -> None:
    assert {key: account.rows for key, account in accounts.items()} == ROWS
    pack = [rows for key, rows in ROWS.items() if key not in BESIDES]
    assert (len(pack), sum(pack)) == (52, 8901)


def test_taken_rows_are_the_designations(package: tables.Package, accounts: dict[str, Account]) -> None:
    designations = sum(1 for _ in package.rows("designations"))
    assert further(package) == 11
    assert sum(account.taken for account in accounts.values()) + further(package) == designations


def test_only_these_rows_are_left_out(accounts: dict[str, Account]) -> None:
    assert {key: account.left_out for key, account in accounts.items() if account.left_out} == {
        "kaifaqu_2018_provincial_partial": {PROVINCIAL: 126},
        "extra_moa_county_pilots": {REPEAT: 5},
    }


def test_lists_that_repeat_designations_are_merged(accounts: dict[str, Account]) -> None:
    assert accounts["kaifaqu_2018_national"] == Account("kaifaqu_2018_national", 0, 552)
    assert accounts["science_innovation_center_cities"] == Account("science_innovation_center_cities", 0, 9)
    assert accounts["zonghexing_guojia_kexue_zhongxin"] == Account("zonghexing_guojia_kexue_zhongxin", 1, 4)
    assert accounts["keji_chuangxin_zhongxin"] == Account("keji_chuangxin_zhongxin", 1, 5)
    assert accounts["manufacturing_innovation_centers"] == Account("manufacturing_innovation_centers", 22, 4)


def test_an_account_as_a_row() -> None:
    account = Account("x", 2, 1, {"甲 | a": 3, "乙 | b": 1})
    assert accounting.COLUMNS == ["list", "rows", "taken", "merged", "left_out", "reasons"]
    assert account.cells == ["x", "7", "2", "1", "4", "3 × 甲 | a; 1 × 乙 | b"]

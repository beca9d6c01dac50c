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
SECOND_PACK = {
    "guojia_xiandai_nongye_chanyeyuan_2017_2": 30,
    "guojia_xiandai_nongye_chanyeyuan_rending_2024": 52,
    "guojia_daxue_kejiyuan_more_partial": 3,
    "xinxing_gongyehua_jidi_more_partial": 12,
    "kechixu_fazhan_shiyanqu_partial": 8,
    "weilai_chanye_kejiyuan": 11,
    "zhongxiao_qiye_tese_jiqun_partial": 10,
    "guojia_yanjiu_zhongxin": 6,
    "nongye_longtou_qiye": 2307,
    "nongye_chanye_jishu_tixi_2011": 1427,
    "zhongguo_tese_nongchanpin_youshiqu": 307,
    "kuandai_zhongguo_shifan_chengshi": 117,
    "kuajing_dianshang_zongshiqu_partial": 90,
    "guojia_ditan_shidian": 84,
    "guojia_wuliu_shuniu_partial": 28,
    "rengong_zhineng_xiandaoqu": 11,
    "chanye_zhuanxing_shengji_shifanqu": 19,
    "haiyang_jingji_fazhan_shifanqu": 14,
    "tongyong_hangkong_shifanqu": 26,
    "xiaowei_chuangye_chuangxin_chengshi_partial": 15,
    "cheluyun_yitihua_shidian": 20,
    "shuangzhi_chengshi_shidian_partial": 6,
    "zhizaoye_xinxing_jishu_gaizao_shidian_partial": 26,
    "xiancheng_xinxing_chengzhenhua_shifan_partial": 79,
    "nongye_keji_xiandaihua_xianxingxian_partial": 11,
    "quanyu_lvyou_shifanqu_partial": 80,
    "linkong_jingji_shifanqu_partial": 16,
    "kechuang_jinrong_shiyanqu": 7,
    "fuwu_maoyi_chuangxin_shidian": 28,
    "fuwuye_kuoda_kaifang_shidian": 11,
    "fuwu_waibao_shifan_chengshi": 31,
    "qihou_tourongzi_shidian": 23,
    "zhineng_jianzao_shidian": 24,
    "chelianwang_xiandaoqu_partial": 5,
    "jinkou_maoyi_shifanqu_partial": 15,
    "wenhua_xiaofei_shidian_partial": 26,
    "wenlv_xiaofei_shidian_partial": 25,
    "haimian_chengshi_shidian": 30,
    "guojia_shengtai_gongye_shifan_yuanqu_partial": 25,
    "guojia_xuqin_hexin_yuzhongchang": 239,
    "xiayidai_hulianwang_shifan_chengshi": 16,
    "wufei_chengshi_shidian_2019": 16,
    "wenhua_keji_ronghe_jidi_partial": 31,
    "quanmian_chuangxin_gaige_shiyanqu": 8,
    "sanwang_ronghe_shidian_partial": 12,
    "lvse_jinrong_shiyanqu_partial": 8,
    "zhongguo_ruanjian_mingcheng": 14,
    "chengshi_kuangchan_jidi_partial": 10,
    "yaosu_shichanghua_gaige_shidian": 10,
    "suanli_shuniu_jiedian": 8,
    "guojia_shuju_zhongxin_jiqun": 10,
    "ranliao_dianchi_chengshiqun_partial": 3,
    "yuanqu_xunhuanhua_gaizao_partial": 10,
    "guoji_xiaofei_zhongxin_chengshi": 5,
    "wenhua_chukou_jidi_partial": 9,
    "anquan_yingji_chanye_jidi_partial": 4,
    "huoju_tese_chanye_jidi_partial": 19,
    "qianyan_kexue_zhongxin_partial": 14,
    "catalogue-2018-provincial-1": 468,
    "catalogue-2018-provincial-2": 472,
}
"""Number of rows of each list in the second pack; the last two are the provincial zones of the catalogue."""
PROVINCIAL = "省级牌子，不是国家级牌子 | a designation of the level 省级, not a national one"
REPEAT = "与另一记录逐字相同 | an exact repeat of another record"


@pytest.fixture(scope="module")
def package() -> tables.Package:
    return decided(tables.open_package(DATA))


@pytest.fixture(scope="module")
def accounts(package: tables.Package) -> dict[str, Account]:
    return {account.list_id: account for account in accounting.accounts(package)}


def test_the_lists_of_the_pack_are_whole(accounts: dict[str, Account]) -> None:
    assert {key: account.rows for key, account in accounts.items()} == ROWS | SECOND_PACK
    pack = [rows for key, rows in ROWS.items() if key not in BESIDES]
    assert (len(pack), sum(pack)) == (52, 8901)
    zones = [rows for key, rows in SECOND_PACK.items() if key.startswith("catalogue-2018-provincial")]
    assert (len(SECOND_PACK) - len(zones), sum(SECOND_PACK.values()) - sum(zones), sum(zones)) == (58, 5511, 940)


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


def test_a_park_at_another_stage_is_the_same_park(accounts: dict[str, Account]) -> None:
    for key in ("guojia_xiandai_nongye_chanyeyuan_2017_2", "guojia_xiandai_nongye_chanyeyuan_rending_2024"):
        assert accounts[key] == Account(key, 0, SECOND_PACK[key])


def test_an_account_as_a_row() -> None:
    account = Account("x", 2, 1, {"甲 | a": 3, "乙 | b": 1})
    assert accounting.COLUMNS == ["list", "rows", "taken", "merged", "left_out", "reasons"]
    assert account.cells == ["x", "7", "2", "1", "4", "3 × 甲 | a; 1 × 乙 | b"]

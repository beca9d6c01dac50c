"""Unicode characters of Chinese texts in one form: full width, compatibility characters, radicals."""

import unicodedata

_RADICALS = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺"
    "⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀"
    "聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)
"""Radicals (U+2E80–2EF3) → characters, by the property Equivalent_Unified_Ideograph of Unicode 15.0; those that NFKC
replaces, and ⺀, which has none, are left out. Texts copied from PDF have them: ⻄安."""

VARIANTS = str.maketrans("衞敍谿濬澂", "卫叙溪浚澄")
"""Variants that OpenCC leaves as they are → standard characters (第一批异体字整理表): 中衞, 敍州, 慈谿, 濬縣, 澂江."""


def unified(text: str) -> str:
    """Return a text in NFKC, with characters in the place of radicals: ⻓春 is 长春, ２０１１ is 2011."""
    return unicodedata.normalize("NFKC", text if text.isascii() else text.translate(_RADICALS))

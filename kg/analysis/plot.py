"""The pictures of a release: matrices, Lorenz curves, shares of regions and ranks, ministries over time."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from kg.analysis.atlas import KINDS, RANKS
from kg.analysis.in_force import reform
from kg.analysis.labels import Labels
from kg.analysis.measures.matrices import MATRICES, Cell, Matrix
from kg.analysis.measures.spread import MEAN, Measures, Part
from kg.analysis.measures.timeline import over_time
from kg.analysis.statistics import gini
from kg.analysis.weights import weights
from kg.charts import pictures
from kg.charts.document import Words
from kg.charts.pictures import Series, Square
from kg.charts.png import draws_chinese, png
from kg.errors import GuapaiError, QueryError
from kg.release.columns import Columns

Language = Literal["zh", "en"]
FORMATS = (".svg", ".png")
SHOWN = 8
"""So many ministries have a colour of their own."""
NAMES: Mapping[str, tuple[str, str]] = {
    "municipality": ("直辖市", "municipalities"),
    "capital": ("省会、首府", "capitals of provinces"),
    "sub-provincial": ("其他副省级市", "other sub-provincial cities"),
    "prefecture": ("其他地级单位", "other prefectures"),
    "district": ("区", "districts"),
    "county": ("县、县级市、旗", "counties, county-level cities, banners"),
    MEAN: ("完整名单的平均", "mean of whole lists"),
    "counties": ("县级单位数", "county-level units"),
    "units": ("单位数", "units"),
    "population": ("2020年人口", "residents in 2020"),
}


@dataclass(frozen=True)
class Asked:
    """What a picture is drawn from: the columns, the day, the language; release: its id, named below it."""

    columns: Columns
    as_of: date
    language: Language
    release: str = ""

    @property
    def source(self) -> str:
        """The line that names the release."""
        said = self.say(f"来源：挂牌（Guapai）{self.release} 版", f"Source: Guapai, release {self.release}")
        return said if self.release else ""

    def say(self, chinese: str, english: str) -> str:
        """Return one of two wordings."""
        return chinese if self.language == "zh" else english

    def name(self, kind: str, key: str) -> str:
        """Return the name of a thing, cut where it is long in English."""
        chinese, english = NAMES.get(key) or Labels(self.columns).of(kind, key)
        return self.say(chinese, english if len(english) <= 46 else english[:45] + "…")


def draw(asked: Asked, picture: str, path: Path) -> None:
    """Draw a picture into a file.

    Args:
        asked: columns, day and language; as PNG the words are English where no font has Chinese.
        picture: a key of `PICTURES`.
        path: ends in .svg or .png.

    Raises:
        QueryError: the file name ends otherwise, or the release has no designations to draw on that day.
        GuapaiError: a PNG is asked for and the extra `png` is not installed; or the file cannot be written.
    """
    if path.suffix not in FORMATS:
        raise QueryError(f"{path.name}: expected a file name that ends in .svg or .png")
    as_pixels = path.suffix == ".png"
    if as_pixels and not draws_chinese():
        asked = replace(asked, language="en")
    drawn = PICTURES[picture](asked)
    content = png(drawn) if as_pixels else drawn.encode()
    try:
        path.write_bytes(content)
    except OSError as error:
        raise GuapaiError(f"{path}: cannot be written: {error.strerror}") from error


def _matrix(key: str, unit: str = "") -> Callable[[Asked], str]:
    """Return the drawing of a matrix; of one unit, where it is given, and of what stands in enough units."""

    def drawn(asked: Asked) -> str:
        matrix = MATRICES[key](asked.columns, asked.as_of)
        least = weights(asked.columns)["measures.least"] if unit else 0
        cells = [cell for cell in matrix.cells if not unit or cell.unit == unit]
        cells = [cell for cell in cells if min(cell.row_units, cell.column_units) >= least]
        if not cells:
            raise QueryError(f"nothing to draw on {asked.as_of}: no designations are in force")
        return _heatmap(asked, matrix, cells)

    return drawn


def _heatmap(asked: Asked, matrix: Matrix, cells: list[Cell]) -> str:
    level = weights(asked.columns)["programmes.significance"]
    sizes = {cell.row: cell.row_units for cell in cells} | (
        {cell.column: cell.column_units for cell in cells} if matrix.mutual else {}
    )
    rows = sorted(sizes, key=lambda key: (-sizes[key], key))
    columns = rows if matrix.mutual else sorted({cell.column for cell in cells})
    squares = []
    for cell in cells:
        at = (rows.index(cell.row), columns.index(cell.column))
        if matrix.mutual:
            at = (max(at), min(at))
        sure = cell.observed > cell.expected and cell.corrected <= level
        lift = cell.lift if cell.observed or cell.expected >= 1 else None
        squares.append(Square(*at, cell.observed, lift, significant=sure, by_design=bool(cell.relation)))
    if matrix.mutual:  # the lower triangle only: the first has no row, the last no column
        squares = [Square(s.row - 1, s.column, s.observed, s.lift, s.significant, s.by_design) for s in squares]
        rows, columns = rows[1:], columns[:-1]
    said = [f"{asked.name(matrix.rows, key)} ({sizes[key]})" for key in rows]
    return pictures.heatmap(said, [asked.name(matrix.columns, key) for key in columns], squares, _words(asked, matrix))


def _words(asked: Asked, matrix: Matrix) -> Words:
    title = {
        "ministry-purpose": ("部委与目的组：牌子数", "Ministries and groups of purposes: designations"),
        "ministry-ministry": ("部委两两同在的县级单位", "County-level units where two ministries give designations"),
        "programme-programme": ("牌子类型两两同处的单元数", "Units where two programmes stand together"),
    }[matrix.key]
    note = asked.say(
        "格内为观察数；颜色为观察与期望之比；加框者校正后显著多于偶然（Benjamini–Hochberg）；斜线为制度设计。括号内为总数。",
        "Numbers are observed; colours are observed over expected; a frame: more than by chance, corrected "
        "(Benjamini–Hochberg); hatched: by design. In brackets: all.",
    )
    return Words(
        f"{asked.say(*title)} · {asked.as_of}",
        vertical=asked.say("观察 ÷ 期望", "observed ÷ expected"),
        note=note,
        source=asked.source,
    )


def _lorenz(asked: Asked) -> str:
    measures = Measures(asked.columns, asked.as_of)
    chosen = measures.averaged()
    residents = [float(measures.atlas.population[province]) for province in sorted(measures.atlas.population)]
    by_gini = {key: gini(list(measures.provinces(key).values()), residents) for key in chosen}
    ordered = sorted(chosen, key=lambda key: (by_gini[key], key))
    largest = sorted(chosen, key=lambda key: (-sum(measures.provinces(key).values()), key))
    strong = {*ordered[:3], *ordered[-3:], *largest[:2]}
    series = [
        Series(
            f"{asked.name('programme', key)}  {by_gini[key]:.2f}  ({_completeness(measures, key)})",
            points=measures.curve(key),
            strong=key in strong,
        )
        for key in ordered
    ]
    words = Words(
        f"{asked.say('牌子在各省的洛伦兹曲线', 'Lorenz curves of designations over provinces')} · {asked.as_of}",
        asked.say("累计人口（2020年普查）", "residents, cumulated (census of 2020)"),
        asked.say("累计牌子", "designations, cumulated"),
        asked.say(
            "数字为基尼系数，括号内为名单所载与官方总数；只画名单完整的牌子类型，灰线为其余。",
            "Numbers: Gini coefficients; in brackets found of official total. Only whole lists; the others in grey.",
        ),
        asked.source,
    )
    return pictures.curves(series, words)


@dataclass(frozen=True)
class _Bars:
    """What bars are made of: title, areas in order, parts of programmes, and what the areas have of other things."""

    title: str
    areas: tuple[str, ...]
    parts: list[Part]
    references: Mapping[str, Mapping[str, float]]


def _regions(asked: Asked) -> str:
    measures = Measures(asked.columns, asked.as_of)
    atlas = measures.atlas
    members = {area: atlas.members([area]) for area in atlas.big_regions}
    references = {
        "counties": {area: atlas.county_share(found) for area, found in members.items()},
        "population": {area: atlas.population_share(found) or 0.0 for area, found in members.items()},
    }
    title = asked.say("四大板块各占多少", "Shares of the four big regions")
    return _bars(asked, measures, _Bars(title, atlas.big_regions, measures.parts(atlas.big_regions), references))


def _ranks(asked: Asked) -> str:
    measures = Measures(asked.columns, asked.as_of)
    every = sum(measures.atlas.ranked.values())
    references = {"units": {rank: number / every for rank, number in measures.atlas.ranked.items()}}
    title = asked.say("各行政级别的地级单位各占多少", "Shares of prefecture-level units by administrative rank")
    return _bars(asked, measures, _Bars(title, RANKS, measures.ranks(), references))


def _kinds(asked: Asked) -> str:
    measures = Measures(asked.columns, asked.as_of)
    every = sum(measures.atlas.kinds.values())
    references = {"units": {kind: number / every for kind, number in measures.atlas.kinds.items()}}
    title = asked.say(
        "区与县各占多少（县级单位已知者）", "Districts and counties, where the county-level unit is known"
    )
    return _bars(asked, measures, _Bars(title, KINDS, measures.ranks(), references))


def _bars(asked: Asked, measures: Measures, bars: _Bars) -> str:
    """Draw the parts of areas in each programme with a whole list, under what they would have by their size."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for part in bars.parts:
        if part.area in bars.areas:
            shares[part.programme][part.area] = part.share
    chosen = [key for key in measures.averaged() if key in shares]
    chosen.sort(key=lambda key: (-shares[key].get(bars.areas[0], 0.0), key))
    rows = [*bars.references, *((MEAN,) if MEAN in shares else ()), *chosen]
    numbers = {**shares, **bars.references}
    names = [
        asked.name("programme", key) + (f"  {_completeness(measures, key)}" if key in measures.coverages else "")
        for key in rows
    ]
    series = [Series(asked.name("region", area), [numbers[key].get(area, 0.0) for key in rows]) for area in bars.areas]
    note = asked.say(
        "上方为比较基准；只列名单完整的牌子类型，先逐个牌子类型计算再平均；名后为名单所载与官方总数。",
        "On top what they are held against. Only whole lists, each first and then the mean; found of official total.",
    )
    return pictures.stacked_bars(names, series, Words(f"{bars.title} · {asked.as_of}", note=note, source=asked.source))


def _completeness(measures: Measures, programme: str) -> str:
    """Say found of official; all that is drawn is whole."""
    known = measures.coverages[programme]
    return f"{known.found}/{known.official or '?'}"


def _timeline(asked: Asked) -> str:
    """Draw the dated designations in force at each year's end by the ministries that answer for them on that day."""
    found = over_time(asked.columns, asked.as_of)
    years, counted, ordered = list(found.years), found.designations, found.ordered
    own = [key for key in ordered if key][:SHOWN]
    others = [sum(column) for column in zip(*(counted[key] for key in ordered if key not in own), strict=True)]
    series = [Series(asked.name("authority", key), counted[key]) for key in own]
    series.append(Series(asked.say("其他或不明", "others, or not known"), others or [0.0] * len(years)))
    words = Words(
        asked.say("各部委名下的牌子", "Designations by the ministry that answers for them"),
        vertical=asked.say("年末在册的牌子", "designations in force at the year's end"),
        note=asked.say(
            f"只有我们所持名单中有日期的牌子；无日期的{found.undated}块未计；两部委共管者各计一半。",
            f"Only dated designations of the lists that we hold ({found.undated} undated left out); shared ones in "
            "parts.",
        ),
        source=asked.source,
    )
    marked = reform(asked.columns)
    return pictures.stacked_years(years, series, words, marked.day, asked.say(marked.name_zh, marked.name_en))


PICTURES: Mapping[str, Callable[[Asked], str]] = {
    "ministry-purpose": _matrix("ministry-purpose"),
    "ministry-ministry": _matrix("ministry-ministry"),
    "programme-county": _matrix("programme-programme", "county"),
    "programme-carrier": _matrix("programme-programme", "carrier"),
    "lorenz": _lorenz,
    "regions": _regions,
    "ranks": _ranks,
    "kinds": _kinds,
    "timeline": _timeline,
}
"""Every picture by key."""

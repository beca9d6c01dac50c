"""What a curator changes without a programmer: a purpose, a programme with its list, an order, words, a reform.

Everything is done by editing tables and Turtle and by `guapai import`; the build and the pages follow.
"""

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from read_pages import soup, words
from waiting import PATIENT

from kg.cli import main
from kg.errors import InputError
from kg.pipeline.build import build
from kg.release import Release
from kg.release.columns import Columns
from kg.sandbox import Pool
from kg.store import EmbeddedStore
from kg.store.questions import with_prefixes
from kg.tables import checks
from kg.vocab import SCHEMES, THINGS
from web import create_app

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PROGRAMME, PURPOSE, KUNSHAN = "low-altitude-base", "low-altitude-economy", "320583"
LIST = "名称,省份,地市,县区,批准时间\n昆山低空经济试验基地,江苏省,苏州市,昆山市,2024年5月\n合计,,,,1\n"
ROWS: dict[str, dict[str, str]] = {
    "purposes": {
        "id": PURPOSE,
        "broader_id": "science-research",
        "label_zh": "低空经济",
        "label_en": "Low-altitude economy",
        "definition_zh": "发展低空飞行。",
        "definition_en": "Flight at low altitude.",
        "generic": "false",
    },
    "programmes": {
        "id": PROGRAMME,
        "name_zh": "国家低空经济试验基地",
        "name_en": "National Low-altitude Base",
        "category": "base",
        "policy_area": "technology",
        "bearer": "area",
        "usual_extent": "county",
        "source_ids": "guapai",
    },
    "mandates": {
        "id": f"{PROGRAMME}-miit",
        "programme_id": PROGRAMME,
        "authority_id": "miit",
        "role": "administers",
        "valid_from": "2024-05-01",
        "status": "asserted",
        "source_ids": "guapai",
    },
    "purpose_texts": {
        "id": f"pt-{PROGRAMME}",
        "programme_id": PROGRAMME,
        "text_zh": "设立国家低空经济试验基地，促进低空经济发展",
        "kind": "notice",
        "document_zh": "通知",
        "document_en": "notice",
        "source_ids": "guapai",
    },
    "purpose_assignments": {
        "id": f"{PROGRAMME}-{PURPOSE}",
        "programme_id": PROGRAMME,
        "purpose_id": PURPOSE,
        "text_id": f"pt-{PROGRAMME}",
        "quote": "促进低空经济发展",
        "weight": "main",
    },
    "english_names": {
        "id": f"{PROGRAMME}-1",
        "programme_id": PROGRAMME,
        "chinese": "{place}低空经济试验基地",
        "english": "{place} Low-altitude Trial Base",
    },
    "reforms": {
        "id": "reform-2025",
        "date": "2025-03-11",
        "name_zh": "2025年机构改革",
        "name_en": "reform of 2025",
        "source_ids": "guapai",
    },
}
"""Table to the row that the curator adds."""


def add(data: Path, table: str, row: dict[str, str]) -> None:
    """Add a row to a table; columns without a cell are empty."""
    path = data / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    assert row.keys() <= set(columns), table
    with path.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, columns, restval="", lineterminator="\n").writerow(row)


def change(path: Path, before: str, after: str) -> None:
    """Replace what stands once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def edited(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A build of the small data after the edits."""
    folder = tmp_path_factory.mktemp("curated")
    data, ontology = folder / "data", folder / "ontology"
    shutil.copytree(small_data, data)
    shutil.copytree(ROOT / "ontology", ontology)
    for table, row in ROWS.items():
        add(data, table, row)
    change(
        data / "statement_words.csv", "mandate-role/administers,管理,administers", "mandate-role/administers,主管,runs"
    )
    path = "sh:path gp:hasPolicyArea ; sh:group gps:KindGroup ; sh:order"
    change(ontology / "display.ttl", f"{path} 3 ", f"{path} 1.5 ")
    (folder / "low_altitude.csv").write_text(LIST, encoding="utf-8")
    asked = ["import", str(folder / "low_altitude.csv"), "--programme", PROGRAMME, "--source", "guapai"]
    outcome = CliRunner().invoke(main, [*asked, "--edition", "2024-05", "--data", str(data), "--write"])
    assert outcome.exit_code == 0, outcome.output
    return build(data, ontology, folder / "dist")


@pytest.fixture(scope="module")
def pages(edited: Release) -> Iterator[FlaskClient]:
    pool = Pool(edited.store_path, 1, PATIENT)
    app = create_app(edited, pool=pool)
    yield app.test_client()
    pool.close()
    app.extensions["guapai"].computed.columns.close()


def asked(release: Release, query: str) -> list[tuple[str, ...]]:
    rows = EmbeddedStore(release.store_path).select(with_prefixes(query), {}).rows
    return [tuple(str(term.value) for term in row if term is not None) for row in rows]


def test_the_programme_has_its_list_and_serves_the_purpose(edited: Release, pages: FlaskClient) -> None:
    where = f"?designation gp:underProgramme <{THINGS}programme/{PROGRAMME}>"
    found = f"{where} ; gp:locatedIn ?place ; gp:servesPurpose ?purpose"
    assert asked(edited, f"SELECT ?designation ?place ?purpose {{ {found} }} ORDER BY ?purpose") == [
        (f"{THINGS}designation/{PROGRAMME}-0001", f"{THINGS}place/{KUNSHAN}", f"{SCHEMES}purpose/{PURPOSE}")
    ]
    assert asked(edited, f"SELECT ?group {{ <{THINGS}programme/{PROGRAMME}> gp:servesGroup ?group }}") == [
        (f"{SCHEMES}purpose/science-research",)
    ]
    page = soup(pages, f"/page/programme/{PROGRAMME}?lang=en")
    assert "Low-altitude economy" in words(page.main)
    assert [words(mark) for mark in page.select("main mark")] == ["促进低空经济发展 1"], "the number of its purpose"
    with (edited.path / "report" / "lists.csv").open(encoding="utf-8", newline="") as stream:
        (account,) = [row for row in csv.DictReader(stream) if row["list"] == "low_altitude"]
    assert (account["rows"], account["taken"], account["left_out"]) == ("1", "1", "0"), "the line of the sum is no row"


def test_the_order_of_properties_is_that_of_the_file(pages: FlaskClient, client: FlaskClient) -> None:
    address = "/page/programme/national-self-innovation-zone?lang=en"
    places = []
    for site in (client, pages):
        text = words(soup(site, address).main)
        places.append([text.index(label) for label in ("has category", "has policy area")])
    assert places[0] == sorted(places[0])
    assert places[1] == sorted(places[1], reverse=True)


def test_the_designation_is_named_in_english_as_the_table_says(edited: Release) -> None:
    name = f'<{THINGS}designation/{PROGRAMME}-0001> skos:prefLabel ?name FILTER(LANG(?name) = "en")'
    assert asked(edited, f"SELECT ?name {{ {name} }}") == [("Kunshan Low-altitude Trial Base",)]


def test_the_words_of_a_statement_are_those_of_the_table(edited: Release) -> None:
    mandate = f'<{THINGS}mandate/{PROGRAMME}-miit> skos:prefLabel ?name FILTER(LANG(?name) = "en")'
    ((name,),) = asked(edited, f"SELECT ?name {{ {mandate} }}")
    assert re.fullmatch(r"Ministry of .+ runs National Low-altitude Base \(2024-05-01–\)", name), name


def test_findings_stand_on_the_eve_of_the_newest_reform(edited: Release, pages: FlaskClient) -> None:
    days = asked(edited, "SELECT ?day { ?dataset gp:standingDay ?day } ORDER BY ?day")
    assert days == [("2024-12-31",), (str(edited.data_as_of),)]
    assert "the eve of the reform of 2025" in words(soup(pages, "/?lang=en").main)
    columns = Columns.open(edited)
    assert columns.query("SELECT reform FROM reforms ORDER BY day DESC LIMIT 1") == [("reform-2025",)]
    columns.close()


def test_faults_of_the_new_tables_are_named(small_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_data, data)
    change(data / "extents.csv", "town,county,", "town,village,")
    with pytest.raises(InputError) as caught:
        checks.checked(data)
    (complaint,) = caught.value.complaints
    assert (complaint.file, complaint.row, complaint.column, complaint.found) == (
        *("extents.csv", 3, "precision"),
        "'village'",
    )

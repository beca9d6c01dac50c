"""schema.org metadata of pages: valid JSON, fitting types, no executable text."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.release import Release
from kg.vocab import BASE, DATASET, SCHEMES, THINGS


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def said(client: FlaskClient, address: str, language: str = "en") -> dict[str, Any]:
    page = client.get(f"{address}?lang={language}").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1, address
    assert not set("<>&") & set(found[0]), "nothing in it can end the element"
    content: dict[str, Any] = json.loads(found[0])
    assert content["@context"] == "https://schema.org"
    return content


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("designation/national-self-innovation-zone-0005", "Certification"),
        ("place/320583", "AdministrativeArea"),
        ("region/gba", "AdministrativeArea"),
        ("authority/most", "GovernmentOrganization"),
        ("carrier/qing-hua-da-xue", "CollegeOrUniversity"),
        ("programme/national-high-tech-zone", "DefinedTerm"),
        ("source/rg-R01", "CreativeWork"),
        ("table/p1-t3", "Dataset"),
        ("claim/key-resources-in-three-regions", "Claim"),
    ],
)
def test_a_thing_has_the_type_that_fits(client: FlaskClient, address: str, kind: str) -> None:
    content = said(client, f"/page/{address}")
    assert (content["@type"], content["@id"]) == (kind, THINGS + address)
    assert {name["@language"]: name["@value"] for name in content["name"]}


def test_a_designation_names_who_approved_it_its_bearers_and_places(client: FlaskClient) -> None:
    content = said(client, "/page/designation/national-self-innovation-zone-0005")
    assert content["issuedBy"] == {
        "@type": "GovernmentOrganization",
        "@id": f"{THINGS}authority/state-council",
        "name": "State Council of the People's Republic of China",
    }
    assert content["validFrom"] == "2014-10-01", "the first possible day of 2014-10"
    assert {place["@id"].rpartition("/")[2] for place in content["validIn"]} == {
        *("320111", "320505", "320214", "320411", "320583", "320281", "320412", "321111", "320500")
    }


def test_a_place_has_its_code_its_parent_and_its_match_elsewhere(client: FlaskClient) -> None:
    content = said(client, "/page/place/320583")
    assert content["identifier"] == "320583"
    assert content["containedInPlace"]["name"] == "Suzhou"
    assert content["sameAs"] == "http://www.wikidata.org/entity/Q42773"


def test_a_concept_is_a_defined_term_of_its_scheme(client: FlaskClient) -> None:
    content = said(client, "/scheme/purpose/technology-transfer", "zh")
    assert (content["@type"], content["description"]) == ("DefinedTerm", "让科技成果转移并得到应用。")
    assert content["inDefinedTermSet"]["@id"] == f"{SCHEMES}purpose"


def test_the_data_set_and_the_site_can_be_found(client: FlaskClient, release: Release) -> None:
    content = said(client, "/downloads")
    assert (content["@type"], content["@id"], content["version"]) == ("Dataset", DATASET, release.id)
    wanted = {path for path in release.manifest["files"] if path.startswith(("graphs/", "tables/"))}
    assert {each["contentUrl"].removeprefix(f"{BASE}downloads/") for each in content["distribution"]} == wanted
    site = said(client, "/")
    assert (site["@type"], site["potentialAction"]["@type"]) == ("WebSite", "SearchAction")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_data_set_has_what_data_set_search_asks_for(client: FlaskClient, release: Release, language: str) -> None:
    content = said(client, "/downloads", language)
    assert content["creator"] == {
        "@type": "Organization",
        "name": {"zh": "挂牌项目", "en": "Guapai project"}[language],
        "url": BASE,
    }
    assert content["identifier"] == release.id
    assert release.id in content["citation"]
    start, end = content["temporalCoverage"].split("/")
    assert (end, start < end) == (str(release.data_as_of), True)
    assert len(content["keywords"]) == 6
    assert 50 <= len(content["description"]) <= 5000


@pytest.mark.parametrize("table", ["p1-t3", "p2-positions", "guojia_gaoxinqu", "sources"])
def test_a_table_is_described_in_a_sentence(client: FlaskClient, table: str) -> None:
    content = said(client, f"/page/table/{table}")
    name = next(each["@value"] for each in content["name"] if each["@language"] == "en")
    assert content["description"].startswith(f"The rows of “{name}” as printed, and what each became in the data.")
    assert said(client, f"/page/table/{table}", "zh")["description"].startswith("“")


def test_what_schema_org_has_no_word_for_is_not_forced_into_one(client: FlaskClient) -> None:
    for address in ("/page/row/p1-t3/r01", "/page/record/p1-t3/r01"):
        assert "application/ld+json" not in re.sub(r"<link[^>]+>", "", client.get(address).text)

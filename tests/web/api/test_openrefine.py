"""`/reconcile` as others ask it: OpenRefine's sequence of requests, and a Python client that nobody here wrote.

The schemas of the specification are not part of this repository. With a copy of
https://github.com/reconciliation-api/specs every answer is also held against them:

    pytest tests/web/api/test_openrefine.py --reconciliation=FOLDER
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import referencing.jsonschema
from flask.testing import FlaskClient

if TYPE_CHECKING:
    from pathlib import Path

CELLS = ("昆山市", "鼓楼区", "江阴", "太仓市", "常熟", "张家港市", "宜兴", "溧阳市", "靖江", "泰兴", "丹阳市", "句容")
"""A column of places; the second name is that of four."""
KEYS = ("320583", "320106", "320281", "320585", "320581", "320582", "320282", "320481", "321282", "321283", "321181")
KUNSHAN = "id/place/320583"
Fits = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def fits(request: pytest.FixtureRequest) -> Fits:
    """Returns an answer, held against a schema of the specification where there is a copy of it."""
    folder: Path | None = request.config.getoption("--reconciliation")
    paths = sorted((folder / "0.2" / "schemas").glob("*.json")) if folder else []
    schemas = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    draft = referencing.jsonschema.DRAFT7
    registry = referencing.Registry().with_resources(
        (told["$id"], draft.create_resource(told)) for told in schemas.values() if "$id" in told
    )

    def checked(schema: str, answer: Any) -> Any:  # noqa: ANN401 — JSON
        if schemas:
            jsonschema.Draft7Validator(schemas[schema], registry=registry).validate(answer)
        return answer

    return checked


def posted(client: FlaskClient, address: str, name: str, content: Any) -> Any:  # noqa: ANN401 — JSON
    answer = client.post(address, data={name: json.dumps(content)}, headers={"Origin": "null"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*"), answer.text
    return answer.json


def test_openrefines_sequence(client: FlaskClient, fits: Fits) -> None:
    """A service is added, the type of a column guessed, the column matched, a cell looked at, a column added."""
    manifest = fits("manifest", client.get("/reconcile?lang=en").json)
    service = f"{manifest['suggest']['entity']['service_url']}?lang=en"

    sample = {f"q{n}": {"query": cell, "limit": 3} for n, cell in enumerate(CELLS[:10])}
    guessed = fits("reconciliation-result-batch", posted(client, service, "queries", sample))
    kinds = [found["result"][0]["type"][0]["id"] for found in guessed.values()]
    assert kinds == ["place"] * 10

    found = {}
    for begun in range(0, len(CELLS), 10):
        batch = {
            f"q{n}": {
                "query": cell,
                "type": "place",
                "type_strict": "should",
                "limit": 5,
                "properties": [{"pid": "place", "v": "江苏"}],
            }
            for n, cell in enumerate(CELLS[begun : begun + 10], begun)
        }
        found |= fits("reconciliation-result-batch", posted(client, service, "queries", batch))
    assert [found[f"q{n}"]["result"][0]["id"] for n in range(len(KEYS))] == [f"id/place/{key}" for key in KEYS]
    unsure = [CELLS[n] for n in range(len(CELLS)) if not found[f"q{n}"]["result"][0]["match"]]
    assert unsure == ["鼓楼区"], "there are two in Jiangsu"

    suggest = manifest["suggest"]
    named = {}
    for part, prefix, schema in (
        ("entity", "kunsh", "entities"),
        ("type", "pla", "types"),
        ("property", "prov", "properties"),
    ):
        address = f"{suggest[part]['service_url']}{suggest[part]['service_path']}?prefix={prefix}&lang=en"
        named[part] = fits(f"suggest-{schema}-response", client.get(address).json)["result"]
    assert named["entity"][0]["id"] == KUNSHAN
    assert (named["type"], named["property"][0]["id"]) == ([{"id": "place", "name": "Place"}], "province")

    card = client.get(manifest["preview"]["url"].replace("{{id}}", KUNSHAN.replace("/", "%2F")))
    assert (card.status_code, card.mimetype) == (200, "text/html")
    assert "昆山市" in card.text

    propose = manifest["extend"]["propose_properties"]
    proposed = fits(
        "data-extension-property-proposal",
        client.get(f"{propose['service_url']}{propose['service_path']}?type=place&limit=20&lang=en").json,
    )
    wanted = [{"id": each["id"]} for each in proposed["properties"] if each["id"] in ("level", "province")]
    asked = fits("data-extension-query", {"ids": [KUNSHAN, "id/place/320106"], "properties": wanted})
    extended = fits("data-extension-response", posted(client, service, "extend", asked))
    assert sorted(each["id"] for each in extended["meta"]) == ["level", "province"]
    jiangsu = [{"id": "id/place/320000", "name": "Jiangsu"}]
    assert [extended["rows"][each]["province"] for each in asked["ids"]] == [jiangsu, jiangsu]


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
def test_a_client_from_the_registry_gets_the_same_matches(site: str) -> None:
    """`reconciler` sends a column of a data frame in batches of ten, as its authors read the specification."""
    import pandas as pd  # noqa: PLC0415 — slow to import
    from reconciler import reconcile  # noqa: PLC0415

    column = pd.Series(CELLS, name="place")
    around = pd.Series(["南京" if cell == "鼓楼区" else "江苏" for cell in CELLS])
    found = reconcile(
        column,
        type_id="place",
        top_res=1,
        property_mapping={"place": around},
        reconciliation_endpoint=f"{site}/reconcile",
    )
    assert list(found["input_value"]) == list(CELLS)
    assert list(found["id"])[: len(KEYS)] == [f"id/place/{key}" for key in KEYS]
    assert list(found["match"]) == [True] * len(CELLS)
    assert set(found["type_id"]) == {"place"}

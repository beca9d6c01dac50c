"""`/reconcile`, asked as OpenRefine asks: manifest, batches, suggestions, cards, properties."""

import json
import math
from typing import Any

import pytest
from flask.testing import FlaskClient

from web.api.reconciliation import LIMIT, MAX_IDS, MAX_LIMIT, MAX_QUERIES

NAMES = ("昆山", "江苏昆山", "Kunshan", "kunshan", "江阴市", "太仓", "常熟", "张家港市", "宜兴", "溧阳市")
"""A batch as OpenRefine sends it."""


def batch(client: FlaskClient, queries: dict[str, Any], *, post: bool = True, lang: str = "zh") -> dict[str, Any]:
    asked = {"queries": json.dumps(queries)}
    address = f"/reconcile?lang={lang}"
    answer = (
        client.post(address, data=asked) if post else client.get("/reconcile", query_string={**asked, "lang": lang})
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def extend(client: FlaskClient, ids: list[str], *properties: str) -> dict[str, Any]:
    asked = {"ids": ids, "properties": [{"id": each} for each in properties]}
    answer = client.post("/reconcile?lang=en", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def test_the_manifest_names_every_part_of_the_service_and_each_answers(client: FlaskClient) -> None:
    answer = client.get("/reconcile?lang=en")
    manifest = answer.json
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "0.2" in manifest["versions"]
    assert (manifest["identifierSpace"], manifest["schemaSpace"]) == (
        "https://w3id.org/guapai/",
        "https://w3id.org/guapai/ns/",
    )
    assert [kind["id"] for kind in manifest["defaultTypes"]][:2] == ["place", "programme"]
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    for service in services:
        assert client.get(service["service_url"] + service["service_path"] + "?prefix=a").status_code == 200
    identifier = "id%2Fplace%2F320583"
    assert client.get(manifest["preview"]["url"].replace("{{id}}", identifier)).status_code == 200
    assert client.get(manifest["view"]["url"].replace("{{id}}", identifier)).status_code == 303


@pytest.mark.parametrize("post", [True, False])
def test_a_batch_is_answered_with_candidates_features_and_certain_matches(client: FlaskClient, *, post: bool) -> None:
    queries = {f"q{number}": {"query": text, "type": "place", "limit": 3} for number, text in enumerate(NAMES)}
    found = batch(client, queries, post=post)
    assert found.keys() == queries.keys()
    assert [found[f"q{number}"]["result"][0]["id"] for number in range(4)] == ["id/place/320583"] * 4
    assert all(each["result"][0]["match"] for each in found.values())
    assert found["q0"]["result"] == [
        {
            "id": "id/place/320583",
            "name": "昆山市",
            "description": "江苏省苏州市昆山市 · 昆山 · short",
            "type": [{"id": "place", "name": "地点"}],
            "score": 97.0,
            "match": True,
            "features": [{"id": "name", "value": 0.97}],
        }
    ]


def test_properties_decide_between_namesakes(client: FlaskClient) -> None:
    stated: list[Any] = ["南京", {"id": "id/place/320100", "name": "南京市"}, ["320100"]]
    queries: dict[str, Any] = {"alone": {"query": "鼓楼区", "type": "place"}}
    queries |= {
        str(number): {"query": "鼓楼区", "type": "place", "properties": [{"pid": "place", "v": value}]}
        for number, value in enumerate(stated)
    }
    found = batch(client, queries)
    assert [each["match"] for each in found["alone"]["result"]] == [False] * 4
    for number in range(len(stated)):
        first, *others = found[str(number)]["result"]
        assert (first["id"], first["match"]) == ("id/place/320106", True)
        assert {"id": "place", "value": 1.0} in first["features"]
        assert not any(other["match"] for other in others)


def test_the_suggested_properties_are_those_that_a_query_may_have(client: FlaskClient) -> None:
    types = [kind["id"] for kind in client.get("/reconcile").json["defaultTypes"]]
    fetched = {
        each["id"] for kind in types for each in client.get(f"/reconcile/properties?type={kind}").json["properties"]
    }
    queries = {pid: {"q": {"query": "", "properties": [{"pid": pid, "v": "2010"}]}} for pid in fetched | {"colour"}}
    answers = {
        pid: client.get("/reconcile", query_string={"queries": json.dumps(query)}).status_code
        for pid, query in queries.items()
    }
    suggested = [each["id"] for each in client.get("/reconcile/suggest/property").json["result"]]
    assert suggested == sorted(pid for pid, status in answers.items() if status == 200)
    assert {pid for pid, status in answers.items() if status == 400} == {"colour"} | fetched - set(suggested)
    assert set(suggested) < fetched


def test_types_limit_candidates_and_several_may_be_given(client: FlaskClient) -> None:
    asked = {"any": {"query": "昆山"}, "two": {"query": "昆山", "type": ["carrier", "designation"]}}
    asked |= {"one": {"query": "国家高新区", "type": "programme", "limit": 1, "type_strict": "any"}}
    found = batch(client, asked, lang="en")
    assert found["any"]["result"][0]["id"] == "id/place/320583"
    assert {each["type"][0]["id"] for each in found["two"]["result"]} <= {"carrier", "designation"}
    (one,) = found["one"]["result"]
    assert (one["id"], one["type"]) == (
        "id/programme/national-high-tech-zone",
        [{"id": "programme", "name": "Programme"}],
    )


def test_limits_of_candidates(client: FlaskClient) -> None:
    queries = {"default": {"query": "开发区", "type": "designation"}}
    limits: dict[str, float] = {"many": 10**9, "none": -1, "infinite": math.inf, "nan": math.nan}
    queries |= {name: {**queries["default"], "limit": limit} for name, limit in limits.items()}
    found = batch(client, queries)
    assert [len(each["result"]) for each in found.values()] == [LIMIT, MAX_LIMIT, 1, MAX_LIMIT, 1]


def test_suggestions(client: FlaskClient) -> None:
    entities = client.get("/reconcile/suggest/entity?prefix=kunsh&lang=en").json["result"]
    assert entities[0] == {
        "id": "id/place/320583",
        "name": "Kunshan City",
        "description": "Suzhou",
        "notable": [{"id": "place", "name": "Place"}],
    }
    types = client.get("/reconcile/suggest/type?prefix=pl&lang=en").json["result"]
    assert types == [{"id": "place", "name": "Place"}]
    named = client.get("/reconcile/suggest/property?prefix=year&lang=en").json["result"]
    assert named == [{"id": "year", "name": "Year of approval"}]
    assert client.get("/reconcile/suggest/entity").json == {"result": []}
    assert client.get("/reconcile/suggest/cake").status_code == 404


def test_properties_are_proposed_and_fetched(client: FlaskClient) -> None:
    proposed = client.get("/reconcile/properties?type=designation&limit=50&lang=en").json
    assert {"programme", "ministry", "place", "approved", "field", "carrier"} <= {
        p["id"] for p in proposed["properties"]
    }
    zone = "id/designation/national-high-tech-zone-0039"
    found = extend(client, [zone, "id/designation/none"], "programme", "ministry", "place", "year", "records")
    assert found["meta"] == [
        {"id": "programme", "name": "Programme"},
        {"id": "ministry", "name": "Ministry today"},
        {"id": "place", "name": "Place"},
        {"id": "year", "name": "Year of approval"},
        {"id": "records", "name": "Records"},
    ]
    row = found["rows"][zone]
    assert [each["id"] for each in row["programme"]] == ["id/programme/national-high-tech-zone"]
    assert row["place"] == [{"id": "id/place/320583", "name": "Kunshan City"}]
    assert row["ministry"]
    assert row["year"] == [{"str": "2010"}]
    assert row["records"][0]["int"] > 0
    assert set(map(len, found["rows"]["id/designation/none"].values())) == {0}


def test_proposed_properties_all_have_values_or_none_and_no_fault(client: FlaskClient) -> None:
    for kind, key in (("place", "320583"), ("carrier", "qing-hua-da-xue"), ("programme", "national-etdz")):
        proposed = [each["id"] for each in client.get(f"/reconcile/properties?type={kind}").json["properties"]]
        assert proposed
        values = extend(client, [f"id/{kind}/{key}"], *proposed)["rows"][f"id/{kind}/{key}"]
        assert values.keys() == set(proposed)
        assert any(values.values())


def test_the_card_may_be_framed_and_nothing_else(client: FlaskClient) -> None:
    card = client.get("/reconcile/preview?id=id/place/320583&lang=en")
    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in card.headers
    assert "Kunshan City" in card.text
    assert "<script" not in card.text
    for other in ("/", "/reconcile/preview?id=id/place/000000"):
        refused = client.get(other)
        assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]
        assert refused.headers["X-Frame-Options"] == "DENY"


def test_other_sites_may_ask(client: FlaskClient) -> None:
    asked = client.options("/reconcile", headers={"Origin": "https://example.org"})
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"queries": "{"}, 400, "queries"),
        ({"queries": "[" * 100_000}, 400, "queries"),
        ({"queries": "[]"}, 400, "object"),
        ({"queries": '{"q": 1}'}, 400, "q: query"),
        ({"queries": '{"q": {"query": "\\ud800"}}'}, 400, "queries"),
        ({"extend": '{"ids": [[["x"]]], "properties": []}'}, 400, "ids"),
        ({"queries": '{"q": {"query": 7}}'}, 400, "q: query"),
        ({"queries": '{"q": {"query": "x", "type": "cake"}}'}, 400, "place, programme"),
        ({"queries": '{"q": {"query": "x", "limit": "many"}}'}, 400, "q: limit"),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "colour", "v": "red"}]}}'}, 400, "colour"),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(MAX_QUERIES + 1)})}, 413, str(MAX_QUERIES)),
        ({"extend": '{"ids": ["id/place/320583"], "properties": [{"id": "colour"}]}'}, 400, "colour"),
        ({"extend": '{"ids": "id/place/320583", "properties": "level"}'}, 400, "extend: properties"),
        ({"extend": json.dumps({"ids": ["x"] * (MAX_IDS + 1), "properties": []})}, 413, str(MAX_IDS)),
    ],
)
def test_bad_requests_are_told_what_was_expected(
    client: FlaskClient, asked: dict[str, str], status: int, told: str
) -> None:
    answer = client.post("/reconcile?lang=en", data=asked)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert told in answer.json["detail"]

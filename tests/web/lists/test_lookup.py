"""Lookup of names typed in forms."""

from flask.testing import FlaskClient
from read_pages import soup, words


def test_a_name_of_today_goes_before_one_of_the_past(client: FlaskClient) -> None:
    page = soup(client, "/ask?place=朝阳&purpose=technology-transfer&lang=zh")
    assert [words(item) for item in page.select("[role=status] li")] == [
        "朝阳市 辽宁省",
        "朝阳区 北京市",
        "朝阳区 长春市",
        "朝阳县 朝阳市",
    ]
    page = soup(client, "/ask?place=襄樊&purpose=technology-transfer&lang=zh")
    assert words(page.find(id="answer")).startswith("襄阳市")

"""The table of coverage gaps: page, CSV and JSON agree with the analysis, on any day."""

import csv
import io
import json

from flask.testing import FlaskClient
from read_pages import soup, words
from reform import BEFORE_REFORM

from kg.analysis.coverage_gaps import gaps
from kg.release import Release
from kg.release.columns import Columns


def test_the_table_is_that_of_the_analysis(client: FlaskClient, columns: Columns, release: Release) -> None:
    for asked, day in (("", release.data_as_of), (f"as_of={BEFORE_REFORM}", BEFORE_REFORM)):
        found = gaps(columns, day)
        page = soup(client, f"/gaps?{asked}&lang=en")
        shown = [
            (row.th.a["href"].partition("?")[0].rpartition("/")[2], [words(cell) for cell in row("td")])
            for row in page.select("table.list tbody tr")
        ]
        assert [key for key, _ in shown] == [gap.programme for gap in found] != []
        assert [(cells[3], cells[4], cells[5]) for _, cells in shown] == [
            (f"0 / {gap.held}", f"{gap.expected:.2g}", str(gap.inside)) for gap in found
        ]
        table = csv.DictReader(io.StringIO(client.get(f"/gaps.csv?{asked}").text))
        assert [(row["observed"], float(row["expected"]), int(row["share"])) for row in table] == [
            (f"0 / {gap.held}", float(f"{gap.expected:.2g}"), round(100 * gap.share)) for gap in found
        ]
        entries = json.loads(client.get(f"/gaps.json?{asked}").text)["entries"]
        assert [entry["iri"].rpartition("/")[2] for entry in entries] == [gap.programme for gap in found]


def test_a_facet_narrows_and_old_addresses_of_gaps_lead_there(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    found = gaps(columns, release.data_as_of)
    strategy = found[0].strategy
    entries = json.loads(client.get(f"/gaps.json?strategy={strategy}").text)["entries"]
    assert len(entries) == sum(gap.strategy == strategy for gap in found) < len(found)
    answer = client.get(f"/page/finding/gap/{strategy}/industrial-development")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/gaps?strategy={strategy}")

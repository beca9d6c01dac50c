"""The page `/match` in a browser: a column of names as a reader pastes it."""

import csv
from pathlib import Path

import pytest
from browsing import in_chromium, opened
from playwright.sync_api import Browser, expect

LABELLED = Path(__file__).parents[1] / "kg" / "analysis" / "matching" / "labelled_names.csv"
MIN_RIGHT = 0.97
FIRST_LINKS = """rows => rows.map(row => {
  const link = row.querySelector("td a");
  return link ? new URL(link.href).pathname.split("/").at(-1) : "";
})"""
"""Script that returns the key to which the first match of each row leads, empty where there is none."""


def pasted(kind: str) -> list[dict[str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] == kind and row["key"]]


@pytest.mark.slow
@in_chromium
def test_of_more_than_200_pasted_names_nearly_all_come_first(browser: Browser, site: str, faults: list[str]) -> None:
    page, right, names = opened(browser, faults, "en"), 0, 0
    for kind in ("place", "carrier"):
        rows = pasted(kind)
        page.goto(f"{site}/match")
        page.locator("textarea[name=names]").fill("\n".join(f"{row['text']}\t{row['place']}" for row in rows))
        page.locator("select[name=kind]").select_option(kind)
        page.get_by_role("button", name="Match", exact=True).click()
        expect(page.locator("#matches tbody tr")).to_have_count(len(rows))
        found = page.locator("#matches tbody tr").evaluate_all(FIRST_LINKS)
        right += sum(key == row["key"] for key, row in zip(found, rows, strict=True))
        names += len(rows)
    page.context.close()
    assert faults == []
    assert names >= 200
    assert right / names >= MIN_RIGHT, f"{right} of {names}"

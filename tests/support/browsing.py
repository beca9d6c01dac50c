"""Browser fixtures and checks for tests that click."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from waiting import PATIENCE_SECONDS

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
in_chromium = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason=f"there is no {CHROMIUM}; on CI this is a failure"
)
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
with_axe = pytest.mark.skipif(
    not AXE.is_file() and not os.environ.get("CI"), reason=f"there is no {AXE}: npm ci; on CI this is a failure"
)
RUN = """() => axe.run(document, { resultTypes: ["violations"], runOnly: { type: "tag", values: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } })
  .then(found => found.violations.filter(fault => ["serious", "critical"].includes(fault.impact))
    .map(fault => `${fault.id}: ${fault.nodes.slice(0, 3).map(node => node.target).join(" | ")}`))"""
"""Script that runs axe in a page and returns the serious and critical violations, each with its first elements."""
RUN_RULES = """rules => axe.run(document, { resultTypes: ["violations"], runOnly: { type: "rule", values: rules } })
  .then(found => found.violations.map(fault =>
    `${fault.id}: ${fault.nodes.map(node => node.target).join(" | ")}`))"""
"""Script that runs some rules of axe in a page and returns their violations, of any impact, with their elements."""
expect.set_options(timeout=1000 * PATIENCE_SECONDS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser; close it at the end."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=ARGUMENTS, timeout=1000 * PATIENCE_SECONDS
        )
        yield found
        found.close()


def opened(
    browser: Browser,
    faults: list[str],
    language: str,
    *,
    dark: bool = False,
    phone: bool = False,
    scripts: bool = False,
) -> Page:
    """Open a page, with scripts or without; errors of the browser are appended to `faults`."""
    context = browser.new_context(
        locale=LOCALES[language],
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(message.text)

    context.set_default_timeout(1000 * PATIENCE_SECONDS)
    page = context.new_page()
    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def inaccessible(page: Page, *rules: str) -> list[str]:
    """Return the serious and critical violations that axe finds in the open page, or all violations of some rules."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN_RULES, rules) if rules else page.evaluate(RUN)
    return found

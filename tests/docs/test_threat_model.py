"""docs/threat-model.md: every test that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_every_named_test_exists() -> None:
    """A name without a module is that of the last module named before it in the row, or a whole module."""
    modules = {path.stem: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    missing, named = [], 0
    for row in DOCUMENT.splitlines():
        module = ""
        for name in re.findall(r"`(test_\w+(?:::test_\w+)?)`", row):
            named += 1
            stem, _colons, function = name.partition("::")
            if function or stem in modules:
                module = stem
            function = function or ("" if stem in modules else stem)
            if module not in modules or (function and f"def {function}(" not in modules[module]):
                missing.append(name)
    assert missing == []
    assert named > 60

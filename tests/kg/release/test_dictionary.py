"""The data dictionary in docs/ is what the descriptor and the schema of the columns say."""

from pathlib import Path

from kg.release import dictionary
from kg.tables import open_package

ROOT = Path(__file__).parents[3]


def test_the_data_dictionary_is_generated_from_the_descriptor() -> None:
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary.markdown(open_package(ROOT / "data")), "run `make docs/data-dictionary.md`"

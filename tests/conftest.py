"""One real build of the real data serves the whole session."""

from pathlib import Path

import pytest

from kg.build.pipeline import build
from kg.release import Release

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(ROOT / "data", ROOT / "ontology", tmp_path_factory.mktemp("dist"))

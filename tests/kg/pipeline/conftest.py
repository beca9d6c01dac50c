"""The designations of the project's tables, merged once for all tests of this folder."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.pipeline.merge import Designation, designations
from kg.tables import open_package

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def merged() -> Mapping[str, Designation]:
    return {designation.key: designation for designation in designations(open_package(ROOT / "data"))}

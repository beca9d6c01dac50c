"""Parameters of which some represent the others for each change; all are tested by `make test-all`."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

Value = TypeVar("Value")


def chosen(values: Iterable[Value], quick: Callable[[Value], bool]) -> list[Value]:
    """Return all values, those that are not quick marked as slow."""
    return [value if quick(value) else pytest.param(value, marks=pytest.mark.slow) for value in values]  # type: ignore[misc]

"""Plugin: every statement that a test emits is one that Oracle and SQL Server run."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests.portability.lint import crowded, findings

_known: dict[Any, list[str]] = {}  # by the key under which SQLAlchemy caches
_found: list[str] = []


@event.listens_for(sa.Engine, "before_execute")
def _seen(
    _connection: Any, statement: Any, _values: Any, _parameters: Any, _options: Any
) -> None:
    cached = statement._generate_cache_key()
    key = cached.key if cached else None
    faults = _known.get(key)
    if faults is None:
        faults = findings(statement)
        if key is not None:
            _known[key] = faults
    faults = faults + crowded(cached.bindparams if cached else ())
    _found.extend(f"{fault}\n{statement}" for fault in faults)


@pytest.fixture(autouse=True)
def _portable() -> Iterator[None]:
    """F1: fail the test that emitted what does not run everywhere."""
    _found.clear()
    yield
    assert not _found, "\n\n".join(sorted(set(_found)))

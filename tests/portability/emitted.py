"""Plugin: every statement that a test emits is one that Oracle and SQL Server run."""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql.compiler import SQLCompiler

from tests.portability.lint import crowded, findings

_known: WeakKeyDictionary[SQLCompiler, list[str]] = WeakKeyDictionary()
_alike: dict[int, list[str]] = {}  # by form: the same on another database
_found: list[str] = []


@event.listens_for(sa.Engine, "before_cursor_execute")
def _seen(
    _connection: Any, _cursor: Any, _text: str, _values: Any, context: Any, _many: bool
) -> None:
    compiled = context.compiled
    if not isinstance(compiled, SQLCompiler):
        return  # written by hand, or of a migration
    if (faults := _known.get(compiled)) is None:
        faults = _known[compiled] = _faults(compiled)
    faults = faults + crowded(context.extracted_parameters or ())
    _found.extend(f"{fault}\n{compiled.statement}" for fault in faults)


def _faults(compiled: SQLCompiler) -> list[str]:
    """What is found in a statement, looked for once in all with the same form."""
    if compiled.cache_key is None:
        return findings(compiled.statement)
    form = hash(compiled.cache_key.key)  # as the keys themselves are large
    if (faults := _alike.get(form)) is None:
        faults = _alike[form] = findings(compiled.statement)
    return faults


def taken() -> set[str]:
    """What was found since the last call, each with its statement."""
    found = set(_found)
    _found.clear()
    return found


@pytest.fixture(autouse=True)
def _portable() -> Iterator[None]:
    """F1: fail the test that emitted what does not run everywhere."""
    taken()
    yield
    if found := taken():
        pytest.fail("\n\n".join(sorted(found)), pytrace=False)

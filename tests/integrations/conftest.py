"""A mail server of one's own."""

from collections.abc import Iterator

import pytest

from tests import post_office
from tests.post_office import PostOffice


@pytest.fixture
def office(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The mail server that the settings name."""
    with post_office.opened() as made:
        post_office.use(monkeypatch, f"smtp://127.0.0.1:{made.port}")
        yield made

"""What the app does once, before the first request."""

import pytest
from sqlmodel import Session

from crm import db
from crm.errors import Duplicate
from crm.models import SYSTEM, Actor
from crm.services.admin import preferences
from crm.services.money import book
from crm.web import start


def test_of_two_apps_that_start_at_once_none_gives_up(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, failed = book.settle, []

    def late(session: Session) -> None:
        """The other app was there first: this one has looked before it has."""
        if not failed:
            failed.append(True)
            raise Duplicate("A record with the same value is there already.")
        settle(session)

    monkeypatch.setattr(book, "settle", late)
    start.settle_books()

    with db.reading(SYSTEM) as session:
        assert preferences.get(session, book.MARK) == "EUR"

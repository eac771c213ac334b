"""Favourites: starred records, and those looked at lately."""

from datetime import timedelta

import pytest

from crm import db
from crm.models import Actor
from crm.services.customers import favourites
from tests.make import NOON


@pytest.mark.slow
def test_the_last_twenty_looked_at_are_kept(alice: Actor) -> None:
    for number in range(1, 26):
        with db.transaction(alice) as session:
            favourites.seen(
                session, "customer", number, at=NOON + timedelta(minutes=number)
            )

    with db.reading(alice) as session:
        recent = favourites.recent(session)

    assert recent == [("customer", number) for number in range(25, 5, -1)]

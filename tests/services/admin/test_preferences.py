"""What an administrator has set for everyone."""

import pytest

from crm import db
from crm.errors import Forbidden
from crm.models import Actor
from crm.services.admin import preferences


def test_what_is_set_is_read_by_everyone(admin: Actor, viewer: Actor) -> None:
    with db.transaction(admin) as session:
        preferences.put(session, "company", {"name": "张 & Söhne", "days": [1, 2.5]})

    with db.reading(viewer) as session:
        assert preferences.get(session, "company") == {
            "name": "张 & Söhne",
            "days": [1, 2.5],
        }


def test_what_is_not_set_is_the_default(admin: Actor) -> None:
    with db.reading(admin) as session:
        assert preferences.get(session, "company", "none") == "none"


def test_the_last_one_set_holds(admin: Actor) -> None:
    for content in ("first", "second"):
        with db.transaction(admin) as session:
            preferences.put(session, "greeting", content)

    with db.reading(admin) as session:
        assert preferences.get(session, "greeting") == "second"


def test_only_an_administrator_sets(alice: Actor) -> None:
    with pytest.raises(Forbidden), db.transaction(alice) as session:
        preferences.put(session, "greeting", "mine")

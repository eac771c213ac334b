"""The first run: one administrator, made once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from crm import db
from crm.errors import CRMError, Invalid, NotFound
from crm.models import SYSTEM, Reach, Role, User
from crm.services.admin import preferences, sessions, setup
from crm.services.admin.sessions import Visit
from crm.services.sales import pipelines
from tests.make import NOON
from tests.security.house import PASSWORD
from tests.state import fingerprint


def finish(name: str = "Ada", password: str = PASSWORD) -> str:
    form = setup.SetupFields(
        name=name, email=f"{name.lower()}@example.com", password=password
    )
    return setup.finish(form, Visit("192.0.2.7"), at=NOON)[1]


def names() -> list[str]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(User.name)))


@pytest.mark.slow
def test_the_first_one_administers(database: str) -> None:
    assert setup.is_needed()
    assert names() == []  # nobody is there before, so no password either

    actor = sessions.who(finish(), at=NOON)

    assert actor is not None
    assert (actor.role, actor.reach) == (Role.ADMIN, Reach.ALL)
    assert not setup.is_needed()


@pytest.mark.parametrize(
    ("language", "first"), [("zh_CN", "初步接触"), ("en", "Prospecting")]
)
def test_stages_are_named_in_the_language_of_the_first_one(
    database: str, language: str, first: str
) -> None:
    form = setup.SetupFields(name="Ada", email="ada@example.com", password=PASSWORD)
    setup.finish(form, Visit("192.0.2.7", language=language), at=NOON)

    with db.reading(SYSTEM) as session:
        assert pipelines.stages(session)[0].name == first


@pytest.mark.slow
def test_nobody_sets_up_again(database: str) -> None:
    """B5."""
    finish()
    before = fingerprint()

    for name in ("Eve", "Ada"):
        with pytest.raises(NotFound):
            finish(name)

    assert fingerprint() == before


def test_nobody_sets_up_again_though_no_user_is_left(database: str) -> None:
    """B5: the mark stays."""
    finish()
    with db.transaction(SYSTEM) as session:
        session.delete(session.scalars(select(User)).one())

    with pytest.raises(NotFound):
        finish("Eve")

    assert names() == []


def test_an_easy_password_sets_nothing_up(database: str) -> None:
    before = fingerprint()

    with pytest.raises(Invalid):
        finish(password="password123")

    assert fingerprint() == before


@pytest.mark.slow
def test_of_five_who_set_up_at_once_one_does(database: str) -> None:
    """B5."""

    def attempt(number: int) -> bool:
        try:
            finish(f"Ada{number}")
        except CRMError:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        done = list(pool.map(attempt, range(5)))

    assert done.count(True) == 1
    assert len(names()) == 1


@pytest.mark.servers
def test_who_looked_before_the_first_was_done_is_too_late(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B5: both found nobody, and the first commits before the second writes."""
    look = preferences.get

    def look_slowly(session: Session, name: str) -> Any:
        found = look(session, name)
        monkeypatch.setattr(preferences, "get", look)
        with ThreadPoolExecutor(1) as first:
            first.submit(finish, "Ada").result()
        return found

    monkeypatch.setattr(preferences, "get", look_slowly)
    with pytest.raises(NotFound):
        finish("Eve")

    assert names() == ["Ada"]

"""Two administrators at a time: what one has seen holds until it is written."""

import secrets
from typing import Any

import pytest
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.errors import NotSignedIn, RuleBroken, Stale
from crm.models import SYSTEM, Actor, Role, Team, User
from crm.services.admin import (
    company,
    invitations,
    preferences,
    sessions,
    tokens,
    users,
)
from crm.services.admin.company import CompanyFields
from crm.services.admin.sessions import Visit
from crm.services.customers import addresses
from crm.services.money import book
from crm.web.start import settle_books
from tests import make
from tests.make import NOON
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.servers


def disabled(actor: Actor, user_id: int | None) -> None:
    with db.transaction(actor) as session:
        users.disable(session, user_id or 0, at=NOON)


def invited(admin: Actor, user_id: int | None) -> str:
    with db.transaction(admin) as session:
        return invitations.invite(session, user_id or 0, at=NOON)


def works(link: str) -> bool:
    return invitations.invited(link, at=NOON) is not None


def filled_in(admin: Actor, name: str) -> None:
    form = CompanyFields(name=name, email="a@example.com")
    with db.transaction(admin) as session:
        company.save(session, form, version=0)


def test_two_administrators_do_not_put_each_other_out(admin: Actor) -> None:
    grace = make.actor("Grace", role="admin")

    with meanwhile(
        sessions, "shut_out", lambda: disabled(grace, admin.user_id)
    ) as other:
        disabled(admin, grace.user_id)

    with pytest.raises(RuleBroken):
        other()


def test_of_two_links_for_one_user_the_later_works(admin: Actor, bob: Actor) -> None:
    """B2: whoever makes the second one has not seen the first."""
    with meanwhile(
        secrets, "token_urlsafe", lambda: invited(admin, bob.user_id)
    ) as other:
        link = invited(admin, bob.user_id)

    assert (works(link), works(other())) == (False, True)


def test_a_link_made_while_its_user_is_shut_out_does_not_work(
    admin: Actor, bob: Actor
) -> None:
    with meanwhile(secrets, "token_urlsafe", lambda: disabled(SYSTEM, bob.user_id)):
        link = invited(admin, bob.user_id)

    with db.transaction(admin) as session:
        users.enable(session, bob.user_id or 0)
    assert not works(link)


def test_a_token_made_while_its_user_is_shut_out_does_not_work(bob: Actor) -> None:
    """B1: else whoever has stolen a session could keep a key."""

    def shut_out() -> None:
        with db.transaction(SYSTEM) as session:
            users.update(session, bob.user_id or 0, {"role": Role.READ_ONLY}, at=NOON)

    with meanwhile(secrets, "token_urlsafe", shut_out), db.transaction(bob) as session:
        _row, text = tokens.create(session, "Mine", ["customer:read"])

    assert tokens.who(text) is None


def test_who_was_shut_out_a_moment_ago_makes_no_token(bob: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        user = db.get(session, User, bob.user_id or 0)
        begun = sessions.begin(session, user, Visit(), at=NOON)
    late = sessions.who(begun, at=NOON)
    assert late is not None
    with db.transaction(SYSTEM) as session:
        sessions.shut_out(session, bob.user_id or 0, at=NOON)

    with pytest.raises(NotSignedIn), db.transaction(late) as session:
        tokens.create(session, "Mine", ["customer:read"])


def test_nobody_joins_a_team_that_goes(admin: Actor, charlie: Actor) -> None:
    """Whoever comes too late is told so in words, not by a failure."""
    team = make.saved(Team(name="West"))

    def joined() -> None:
        with db.transaction(admin) as session:
            users.update(session, charlie.user_id or 0, {"team_id": team.id}, at=NOON)

    with meanwhile(Session, "delete", joined) as other, db.transaction(admin) as s:
        users.delete_team(s, team.id)

    with pytest.raises(Stale):
        other()


def test_of_two_who_fill_in_the_company_first_one_is_told(admin: Actor) -> None:
    with (
        meanwhile(addresses, "checked", lambda: filled_in(admin, "First")),
        pytest.raises(Stale),
    ):
        filled_in(admin, "Second")

    with db.reading(admin) as session:
        assert company.profile(session).name == "First"


def test_of_two_apps_that_note_the_currency_the_later_checks_it(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.order(make.customer())

    def in_dollars() -> None:
        monkeypatch.setenv("CRM_CURRENCY", "USD")
        settings.cache_clear()
        settle_books()
        monkeypatch.delenv("CRM_CURRENCY")
        settings.cache_clear()

    with meanwhile(preferences, "get", in_dollars), pytest.raises(RuleBroken):
        settle_books()

    with db.reading(admin) as session:
        kept: Any = preferences.get(session, book.MARK)
    assert kept == "USD"

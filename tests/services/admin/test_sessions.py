"""Sessions and API tokens: whom they open the door to, and for how long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.errors import NotFound
from crm.models import SYSTEM, Actor, ApiToken, Reach, Role, User, UserSession
from crm.services.admin import invitations, sessions, sign_in, tokens, users
from crm.services.admin.sessions import Visit
from tests.make import NOON
from tests.security.house import PASSWORD, lodge

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
NEW = "nine noisy badgers"


def begin(actor: Actor, at: datetime = NOON) -> str:
    with db.transaction(SYSTEM) as session:
        user = db.get(session, User, actor.user_id or 0)
        return sessions.begin(session, user, Visit("192.0.2.7", "Firefox"), at=at)


def token_of(actor: Actor, expires_at: datetime | None = None) -> str:
    with db.transaction(actor) as session:
        scopes = ["customer:read"]
        return tokens.create(session, "ERP", scopes, expires_at=expires_at)[1]


def test_a_session_opens_for_its_user(alice: Actor) -> None:
    found = sessions.who(begin(alice), at=NOON)

    assert found is not None
    assert (found.user_id, found.role, found.team_id) == (
        alice.user_id,
        alice.role,
        alice.team_id,
    )


def test_each_session_has_a_token_of_its_own(alice: Actor, bob: Actor) -> None:
    """B3, B10: the database holds none of them."""
    made = [begin(alice), begin(alice), begin(bob)]

    with db.reading(SYSTEM) as session:
        kept = set(session.scalars(select(UserSession.token_hash)))
    assert len(set(made)) == len(kept) == 3
    assert not kept & set(made)
    assert all(len(token) >= 43 for token in made)  # 256 bits


def test_a_guess_opens_nothing(alice: Actor) -> None:
    begin(alice)

    for guess in ("", "x", "\x00", "\ud800", "' or 1=1 --", "x" * 9999):
        assert sessions.who(guess, at=NOON) is None
        assert tokens.who(guess, at=NOON) is None
        assert tokens.who(f"crm_{guess}", at=NOON) is None


def test_an_idle_session_ends_after_eight_hours(alice: Actor) -> None:
    """B10."""
    token = begin(alice)

    assert sessions.who(token, at=NOON + 8 * HOUR - SECOND)
    later = NOON + 16 * HOUR - SECOND  # idle since the line above
    assert sessions.who(token, at=later) is None


def test_a_busy_session_ends_after_seven_days(alice: Actor) -> None:
    """B10."""
    token = begin(alice)
    week = 7 * 24

    for hours in range(7, week, 7):
        assert sessions.who(token, at=NOON + hours * HOUR)

    assert sessions.who(token, at=NOON + week * HOUR - SECOND)
    assert sessions.who(token, at=NOON + week * HOUR) is None


def test_a_session_is_noted_as_seen_once_a_minute(alice: Actor) -> None:
    token = begin(alice)

    def seen(after: timedelta) -> timedelta:
        sessions.who(token, at=NOON + after)
        with db.reading(SYSTEM) as session:
            return session.scalars(select(UserSession)).one().seen_at - NOON

    assert [seen(SECOND), seen(61 * SECOND)] == [timedelta(), 61 * SECOND]


def disable(admin: Actor, user_id: int, at: datetime) -> None:
    with db.transaction(admin) as session:
        users.disable(session, user_id, at=at)


def change_role(admin: Actor, user_id: int, at: datetime) -> None:
    with db.transaction(admin) as session:
        users.update(session, user_id, {"role": Role.READ_ONLY}, at=at)


def change_password(_admin: Actor, user_id: int, at: datetime) -> None:
    with db.reading(SYSTEM) as session:
        actor = sessions.actor(db.get(session, User, user_id))
    sign_in.change_password(actor, PASSWORD, NEW, Visit(), at=at)


def reset_password(admin: Actor, user_id: int, at: datetime) -> None:
    with db.transaction(admin) as session:
        link = invitations.invite(session, user_id, at=at)
    invitations.accept(link, NEW, Visit(), at=at)


def delete(admin: Actor, user_id: int, at: datetime) -> None:
    with db.transaction(admin, at=at) as session:
        session.delete(db.get(session, User, user_id))


def sign_out_everywhere(_admin: Actor, user_id: int, at: datetime) -> None:
    with db.transaction(SYSTEM) as session:
        sessions.shut_out(session, user_id, at=at)


ENDINGS: list[Callable[[Actor, int, datetime], None]] = [
    disable,
    change_role,
    change_password,
    reset_password,
    delete,
    sign_out_everywhere,
]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda one: one.__name__)
@pytest.mark.slow
def test_what_opened_the_door_before_opens_it_no_more(
    admin: Actor, alice: Actor, bob: Actor, ending: Any
) -> None:
    """B1: the cookie, the open page, the API token and a link not yet used."""
    cookie, token = begin(lodge(alice)), token_of(alice)
    seen = sessions.who(cookie, at=NOON)
    assert seen is not None
    assert tokens.who(token, at=NOON)
    with db.transaction(admin) as session:
        link = invitations.invite(session, alice.user_id or 0, at=NOON)
    others = begin(bob)

    ending(admin, alice.user_id, NOON)

    later = NOON + SECOND
    assert sessions.who(cookie, at=later) is None
    assert sessions.alive(seen.session_id or 0, at=later) is None
    assert tokens.who(token, at=later) is None
    assert invitations.invited(link, at=later) is None
    assert sessions.who(others, at=later)


@pytest.mark.slow
def test_whose_password_is_changed_stays_signed_in_here(alice: Actor) -> None:
    """B1: here, by a new token, and nowhere else."""
    elsewhere = begin(lodge(alice))

    here = sign_in.change_password(alice, PASSWORD, NEW, Visit(), at=NOON)

    assert sessions.who(here, at=NOON)
    assert sessions.who(elsewhere, at=NOON) is None


def test_a_smaller_reach_holds_at_once(admin: Actor, bob: Actor) -> None:
    """B1: nobody has to sign in again for it."""
    cookie, token = begin(bob), token_of(bob)

    with db.transaction(admin) as session:
        changes = {"reach": Reach.OWN, "team_id": None}
        users.update(session, bob.user_id or 0, changes, at=NOON)

    found = [sessions.who(cookie, at=NOON), tokens.who(token, at=NOON)]
    assert [(one.reach, one.team_id) for one in found if one] == [(Reach.OWN, None)] * 2


def test_a_new_user_with_an_old_id_inherits_no_key(admin: Actor, alice: Actor) -> None:
    """B1: should a database ever give an id again."""
    cookie, token = begin(alice), token_of(alice)
    delete(admin, alice.user_id or 0, NOON)
    with db.transaction(SYSTEM) as session:
        eve = User(id=alice.user_id, email="eve@example.com", name="Eve", role="sales")
        session.add(eve)

    assert sessions.who(cookie, at=NOON) is None
    assert tokens.who(token, at=NOON) is None


def test_a_token_ends_when_it_was_to_end(alice: Actor) -> None:
    token = token_of(alice, expires_at=NOON + HOUR)

    assert tokens.who(token, at=NOON + HOUR - SECOND)
    assert tokens.who(token, at=NOON + HOUR) is None


def test_a_revoked_token_is_of_no_use(alice: Actor, charlie: Actor) -> None:
    token = token_of(alice)
    with db.reading(alice) as session:
        (row,) = tokens.listed(session)

    with pytest.raises(NotFound), db.transaction(charlie) as session:
        tokens.revoke(session, row.id, at=NOON)
    assert tokens.who(token, at=NOON)
    with db.transaction(alice) as session:
        tokens.revoke(session, row.id, at=NOON)
    assert tokens.who(token, at=NOON) is None


def test_a_token_does_what_its_scopes_say_and_is_kept_as_a_hash(alice: Actor) -> None:
    token = token_of(alice)

    found = tokens.who(token, at=NOON)
    with db.reading(SYSTEM) as session:
        kept = session.scalars(select(ApiToken)).one()
    assert found is not None
    assert (found.kind, found.scopes) == ("token", frozenset({"customer:read"}))
    assert token not in repr(kept.model_dump())
    assert len(token) >= 47  # 256 bits, and “crm_”


def test_only_ones_own_session_is_ended(alice: Actor, charlie: Actor) -> None:
    token = begin(alice)
    seen = sessions.who(token, at=NOON)
    assert seen is not None

    with pytest.raises(NotFound), db.transaction(charlie) as session:
        sessions.end(session, seen.session_id or 0, at=NOON)
    assert sessions.who(token, at=NOON)
    with db.transaction(alice) as session:
        sessions.end(session, seen.session_id or 0, at=NOON)
    assert sessions.who(token, at=NOON) is None

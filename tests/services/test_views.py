"""Saved views: private, of the team, of all."""

from typing import Any

import pytest

from crm import db
from crm.errors import Forbidden, Invalid, NotFound
from crm.models import Actor, SavedView, Sharing
from crm.services import views
from tests import make


def save(actor: Actor, name: str = "Mine", **options: Any) -> SavedView:
    content = options.pop("content", {"sort": "-name"})
    with db.transaction(actor) as session:
        return views.save(session, "customer", name, content, **options)


def seen(actor: Actor) -> list[str]:
    with db.reading(actor) as session:
        return [view.name for view in views.listed(session, "customer")]


def test_views_are_shown_to_whom_they_are_shared_with(
    alice: Actor, bob: Actor, charlie: Actor
) -> None:
    save(alice, "1 private")
    save(alice, "2 team", sharing=Sharing.TEAM)
    save(alice, "3 all", sharing=Sharing.ALL)

    assert seen(alice) == ["1 private", "2 team", "3 all"]
    assert seen(bob) == ["2 team", "3 all"]
    assert seen(charlie) == ["3 all"]


def test_who_is_on_no_team_shares_with_none(admin: Actor) -> None:
    with pytest.raises(Invalid) as told:
        save(admin, sharing=Sharing.TEAM)

    assert told.value.field == "sharing"


def test_the_same_name_is_replaced(alice: Actor) -> None:
    first = save(alice)
    second = save(alice, content={"search": "Bonn"})

    assert second.id == first.id
    assert second.content == {"search": "Bonn"}


def test_two_users_may_use_one_name(alice: Actor, bob: Actor) -> None:
    save(alice, sharing=Sharing.ALL)
    save(bob)

    assert seen(bob) == ["Mine", "Mine"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "\x00"},
        {"name": "x" * 81},
        {"content": {"sql": "drop table"}},
        {"content": {"search": "\x00"}},
        {"content": {"rule": {"value": float("nan")}}},
    ],
)
def test_a_view_that_cannot_be_kept_is_refused(
    alice: Actor, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        save(alice, **wrong)

    assert seen(alice) == []


def test_a_view_of_no_list_is_refused(alice: Actor) -> None:
    with pytest.raises(Invalid), db.transaction(alice) as session:
        views.save(session, "app_user", "Mine", {})


def test_a_view_is_deleted_by_its_owner_or_an_administrator(
    admin: Actor, alice: Actor, bob: Actor
) -> None:
    shared = [save(alice, name, sharing=Sharing.ALL) for name in ("a", "b")]

    with pytest.raises(Forbidden), db.transaction(bob) as session:
        views.remove(session, shared[0].id)
    for actor, view in zip((alice, admin), shared, strict=True):
        with db.transaction(actor) as session:
            views.remove(session, view.id)

    assert seen(alice) == []


def test_a_private_view_is_not_there_for_others(alice: Actor, bob: Actor) -> None:
    private = save(alice)

    with pytest.raises(NotFound), db.transaction(bob) as session:
        views.remove(session, private.id)


def test_a_reader_keeps_own_views(viewer: Actor) -> None:
    make.customer()
    save(viewer)

    assert seen(viewer) == ["Mine"]

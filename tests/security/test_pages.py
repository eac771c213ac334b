"""No page tells a stranger, or one without the right, of any customer.

Asked of the running app by its socket, as a script of somebody's own can: what a
page only hides would be seen here.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import websockets

from crm import db
from crm.models import SYSTEM, Actor, Role, User, utcnow
from crm.services.admin import sessions, users
from crm.services.admin.sessions import Visit
from crm.services.customers import tags
from crm.ui.navigation import SECTIONS
from tests import make
from tests.security.tab import tab
from tests.web.conftest import Site

pytestmark = pytest.mark.slow

WORD = b"Canary"
SPECS = [spec for specs in SECTIONS.values() for spec in specs]
PAGES = [spec.slug for spec in SPECS]
RECORDS = {"customer": 1, "contact": 1, "order": 1, "subscription": 1, "invoice": 1,
           "payment": 1, "ticket": 1}  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Who is signed in where: cookies, by name."""

    url: str
    cookies: dict[str, str]
    actors: dict[str, Actor]

    def sent(self, who: str, page: str, query: str = "", **how: str) -> bytes:
        """What a fresh tab of `who` gets for a page."""
        with tab(self.url, session=self.cookies[who]) as opened:
            return opened.open(page, query, **how)


@pytest.fixture(scope="module")
def cast(inside: Site) -> Cast:
    """Ada, and Alice with records that Charlie and Vera must not see."""
    actors = {
        "ada": make.actor("Ada", role="admin"),
        "alice": make.actor("Alice", reach="own"),
        "charlie": make.actor("Charlie", reach="own"),
        "vera": make.actor("Vera", role="read_only", reach="own"),
    }
    alice = actors["alice"]
    mills = make.customer(alice, name="Canary Mills", email="canary@example.com")
    make.contact(mills, last_name="Canary")
    order = make.order(mills, (make.product(), 1, "5"), number="Canary-1")
    make.payment(make.invoice(order), "1", reference="Canary")
    make.subscription(mills, number="Canary-S")
    make.ticket(alice, customer_id=mills.id, subject="Canary squeaks")
    make.activity(mills, subject="Canary sings")
    make.customer(alice, name="Canary gone", deleted_at=utcnow())
    make.customer(actors["charlie"], name="Sparrow Mills")
    with db.transaction(alice) as session:
        tags.put(session, "customer", [mills.id], ["VIP"])
    return Cast(
        inside.url, {name: _cookie(one) for name, one in actors.items()}, actors
    )


def _cookie(actor: Actor) -> str:
    with db.transaction(SYSTEM) as session:
        user = db.get(session, User, actor.user_id or 0)
        return sessions.begin(session, user, Visit(), at=utcnow())


def _query(page: str) -> str:
    return f"id={RECORDS[page]}" if page in RECORDS else ""


def test_without_a_sign_in_not_a_byte_comes(cast: Cast) -> None:
    """A14: for any page alike, as all come through one socket."""
    claims = {"x-crm-user": "1", "x-crm-role": "admin", "x-crm-session": "1"}
    for headers in ({}, claims, {"authorization": "Bearer crm_x"}):
        refused = pytest.raises(websockets.InvalidStatus)
        with refused, tab(cast.url, **headers):
            pass
    with pytest.raises(websockets.InvalidStatus), tab(cast.url, session="a" * 43):
        pass


def test_no_page_tells_of_foreign_records(cast: Cast) -> None:
    """A14: opened by its address, with the id of a record out of reach."""
    told = [
        (who, page)
        for page in PAGES
        for who in ("charlie", "vera")
        if WORD in cast.sent(who, page, _query(page))
    ]

    assert told == []


@pytest.mark.parametrize(
    "page", [*RECORDS, "customers", "contacts", "orders", "subscriptions", "tickets"]
)
def test_a_page_tells_of_records_in_reach(cast: Cast, page: str) -> None:
    """That the test before would notice."""
    assert WORD in cast.sent("alice", page, _query(page))


@pytest.mark.parametrize("slug", ["users", "custom_fields", "settings", "audit"])
def test_a_page_of_administrators_runs_for_nobody_else(cast: Cast, slug: str) -> None:
    """A14: neither by its address nor by the hash of its script."""
    title = next(spec.title for spec in SPECS if spec.slug == slug).encode()
    script = hashlib.md5(slug.encode(), usedforsecurity=False).hexdigest()

    def shown(who: str) -> list[bool]:
        sent = [cast.sent(who, slug), cast.sent(who, "", script=script)]
        return [title in frames for frames in sent]

    assert shown("ada") == [True, True]
    assert shown("vera") == [False, False]


def leave(cast: Cast, admin: Actor, user_id: int) -> None:
    with db.transaction(admin) as session:
        users.disable(session, user_id, at=utcnow())


def sink(cast: Cast, admin: Actor, user_id: int) -> None:
    with db.transaction(admin) as session:
        users.update(session, user_id, {"role": Role.READ_ONLY}, at=utcnow())


@pytest.mark.parametrize("ending", [leave, sink], ids=["disabled", "another role"])
def test_an_open_page_tells_nothing_more_once_its_user_is_shut_out(
    cast: Cast, ending: Callable[[Cast, Actor, int], None]
) -> None:
    """B1: at the next click, without a new sign-in."""
    dora = make.actor(f"Dora-{ending.__name__}", reach="own")
    make.customer(dora, name="Sparrow Works")
    cookie = _cookie(dora)

    with tab(cast.url, session=cookie) as opened:
        before = opened.open("customers")
        ending(cast, cast.actors["ada"], dora.user_id or 0)
        after = opened.open("customers")

    assert b"Sparrow Works" in before
    assert b"Sparrow Works" not in after
    assert b"Your session has ended" in after
    with pytest.raises(websockets.InvalidStatus), tab(cast.url, session=cookie):
        pass


def filtered(**condition: object) -> str:
    return "customers_f=" + quote(json.dumps({"rules": [condition]}))


ODD = [
    filtered(field="password_hash", op="is", value="x"),
    filtered(field="name", op="is; drop table customer", value="x"),
    filtered(field="name", op="is", value="' or 1=1 --"),
    filtered(field=[], op={}, value=1),
    filtered(field="created_at", op="on", value="x"),
    filtered(rules=[5]),
    "customers_f=" + "[" * 5000,
    "customers_q=" + quote("' or 1=1 --"),
    "customers_q=%00%ED%A0%80",
    "customers_s=password_hash",
    "customers_c=password_hash",
    "customers_p=" + "9" * 5000,
    "customers_p=%C2%B2",
    "id=9223372036854775808",
    "id=1%20or%201=1",
    "id=%C2%B2",
]
INSIDE = re.compile(  # Streamlit tells every tab the path of the main script itself
    rb"Traceback|sqlalchemy|pysqlite|SELECT |password_hash|/services/|site-packages"
)


@pytest.mark.parametrize("page", ["customers", "customer"])
def test_an_odd_address_shows_nothing_from_inside(cast: Cast, page: str) -> None:
    """C1, I5: no statement, no stack, and nobody else's records."""
    answers = {query: cast.sent("charlie", page, query) for query in ODD}

    assert [q for q, sent in answers.items() if WORD in sent] == []
    found = {q: INSIDE.findall(sent) for q, sent in answers.items()}
    assert {q: words for q, words in found.items() if words} == {}

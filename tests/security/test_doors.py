"""Sign-in, sign-out, set-up and the account page, as a browser meets them."""

import re
import statistics
import time
from http.cookies import Morsel, SimpleCookie

import httpx2
import pytest
from starlette.testclient import TestClient

from crm import db
from crm.models import SYSTEM, Actor, User, utcnow
from crm.services.admin import sign_in, users
from crm.services.admin.sessions import Visit
from crm.web import account, identity
from tests import make
from tests.security.house import ELSEWHERE, PASSWORD, bearer, lodge, visitor
from tests.state import fingerprint
from tests.web.conftest import post

WRONG = "a wrong password"
NEW = "nine noisy badgers"
HOST_COOKIE = "__Host-crm_session"
ALICE = "alice@example.com"


def sign_in_at(
    client: TestClient, email: str = ALICE, password: str = PASSWORD
) -> httpx2.Response:
    return post(client, "/account/login", email=email, password=password)


def said(client: TestClient, path: str = "/account/login") -> str:
    """What the next page has to say."""
    found = re.search(r"role=alert>([^<]*)<", client.get(path).text)
    return found[1] if found else ""


def morsel(answer: httpx2.Response) -> Morsel[str]:
    """The session's cookie as `answer` sets it."""
    cookies = map(SimpleCookie, answer.headers.get_list("set-cookie"))
    return next(cookie[HOST_COOKIE] for cookie in cookies if HOST_COOKIE in cookie)


def stored_hash(actor: Actor) -> str:
    with db.reading(SYSTEM) as session:
        return db.get(session, User, actor.user_id or 0).password_hash or ""


def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(alice: Actor) -> None:
    """B10."""
    client = visitor()
    lodge(alice)

    cookie = morsel(sign_in_at(client))

    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "lax"
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert int(cookie["max-age"]) == 7 * 24 * 3600


def test_no_cookie_at_all_travels_in_clear(alice: Actor) -> None:
    """B10: the one that keeps the form's token included."""
    client = visitor()
    lodge(alice)
    answers = [client.get("/account/login"), sign_in_at(client)]

    cookies = [c for one in answers for c in one.headers.get_list("set-cookie")]

    assert len(cookies) >= 2
    assert all("; secure" in cookie.lower() for cookie in cookies)
    assert all("; httponly" in cookie.lower() for cookie in cookies)


def test_signing_in_gives_a_new_value_whatever_was_there(alice: Actor) -> None:
    """B10: nobody can plant a session for somebody else to sign in to."""
    client, planted = visitor(), "a" * 43
    lodge(alice)
    client.cookies.set(HOST_COOKIE, planted, domain="crm.example")

    sign_in_at(client)

    values = [c.value for c in client.cookies.jar if c.name == HOST_COOKIE]
    assert len(set(values) - {planted}) == 1
    other = visitor()
    other.cookies.set(HOST_COOKIE, planted, domain="crm.example")
    assert other.get("/api/v1/me").status_code == 401


def test_signing_out_takes_the_cookie_and_the_session(alice: Actor) -> None:
    """B10."""
    client = visitor()
    lodge(alice)
    sign_in_at(client)
    token = client.cookies[HOST_COOKIE]
    assert client.get("/api/v1/me").status_code == 200

    page = client.get("/account").text
    csrf = re.search(r'name=csrf value="([^"]+)"', page)
    assert csrf is not None
    answer = client.post(
        "/account/logout",
        data={"csrf": csrf[1]},
        headers={"origin": "https://crm.example"},
    )

    assert morsel(answer)["max-age"] == "0"
    assert HOST_COOKIE not in client.cookies
    again = visitor()
    again.cookies.set(HOST_COOKIE, token, domain="crm.example")
    assert again.get("/api/v1/me").status_code == 401


def test_a_disabled_user_is_out_at_once(admin: Actor, alice: Actor) -> None:
    """B1: by cookie and by token, on pages and in the API."""
    client, token = visitor(), bearer(lodge(alice))
    sign_in_at(client)
    place = "/api/v1/customers"
    assert client.get(place).status_code == 200
    assert visitor().get(place, headers=token).status_code == 200

    with db.transaction(admin) as session:
        users.disable(session, alice.user_id or 0, at=utcnow())

    assert client.get(place).status_code == 401
    assert visitor().get(place, headers=token).status_code == 401
    page = client.get("/account", headers={"accept": "text/html"})
    assert page.headers["location"].startswith("/account/login")


@pytest.mark.slow
def test_ten_wrong_passwords_in_the_form_lock_the_account(
    alice: Actor, bob: Actor
) -> None:
    """B9."""
    lodge(alice)
    lodge(bob)
    client = visitor()

    words = []
    for _ in range(10):
        sign_in_at(client, password=WRONG)
        words.append(said(client))
    sign_in_at(client)

    assert words[:5] == ["The e-mail address or the password is wrong."] * 5
    assert all(one.startswith("Too many failed attempts.") for one in words[5:])
    assert said(client).startswith("Too many failed attempts.")
    assert HOST_COOKIE not in client.cookies
    sign_in_at(client, "bob@example.com")
    assert HOST_COOKIE in client.cookies


@pytest.mark.slow
def test_a_password_is_changed_by_who_knows_it(alice: Actor) -> None:
    """B4."""
    client = visitor()
    before = stored_hash(lodge(alice))
    sign_in_at(client)

    post(client, "/account", current=WRONG, new=NEW)
    told = said(client, "/account")
    post(client, "/account", new=NEW)

    assert told == "The current password is wrong."
    assert stored_hash(alice) == before
    assert client.get("/api/v1/me").status_code == 200
    post(client, "/account", current=PASSWORD, new=NEW)
    assert stored_hash(alice) != before
    assert client.get("/api/v1/me").status_code == 200


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
ODD = [
    {"x-http-method-override": "POST"},
    {"x-original-url": "/account/setup"},
    {"x-rewrite-url": "/account/setup"},
    {"x-forwarded-for": "127.0.0.1"},
    {"x-forwarded-host": "localhost"},
    {"host": "localhost"},
]


def test_set_up_is_over_once_it_is_done(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B5: from this very machine and with the right token, too."""
    monkeypatch.setattr(identity, "_set_up", False)
    client = visitor("127.0.0.1", scheme="http")
    form = {"name": "Eve", "email": "eve@example.com", "password": PASSWORD,
            "start": "empty"}  # fmt: skip
    path = f"/account/setup?token={account.SETUP_TOKEN}"
    before = fingerprint()

    codes = {client.request(m, path, data=form).status_code for m in METHODS}
    codes |= {client.post(path, data=form, headers=h).status_code for h in ODD}
    codes |= {
        client.get(p).status_code for p in ("/account/setup/", "/account/setup/x")
    }

    assert codes <= {401, 404, 405}
    assert client.get(path).status_code == client.post(path).status_code == 404
    assert fingerprint() == before


@pytest.mark.slow
def test_a_stranger_finds_out_nothing_by_the_time_it_takes(admin: Actor) -> None:
    """B8: of the whole sign-in, its notes in the audit included."""
    known = [lodge(make.actor(f"User{n}")).name for n in range(5)]

    def seconds(email: str) -> float:
        start = time.process_time()
        with pytest.raises(Exception, match="wrong"):
            sign_in.enter(email, WRONG, Visit(ELSEWHERE))
        return time.process_time() - start

    seconds("first@example.com")  # what is computed once
    pairs = [
        (seconds(f"{name.lower()}@example.com"), seconds(f"no{name}@example.com"))
        for name in known
    ]

    users_, strangers = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert 0.5 < strangers / users_ < 2


def test_a_password_of_ten_thousand_characters_is_answered_at_once(
    alice: Actor,
) -> None:
    """B8."""
    lodge(alice)
    client = visitor()

    start = time.process_time()
    sign_in_at(client, password="ﷺ" * 10_000)

    assert time.process_time() - start < 1
    assert said(client) == "The e-mail address or the password is wrong."

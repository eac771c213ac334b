"""What opens a door is told to whoever it is for, and found nowhere else.

B6: canaries of every kind are used, rightly and wrongly, against the running app;
then all that it leaves behind is looked through.
"""

import base64
import re
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest

from crm import db
from crm.models import Actor, utcnow
from crm.services.admin import invitations, tokens
from tests import make
from tests.security.house import PASSWORD, lodge
from tests.web.conftest import Site, post

pytestmark = pytest.mark.slow

WRONG = "a-canary-of-a-password"
NEW = "nine noisy badgers"


@dataclass(frozen=True)
class Used:
    """The canaries by what they are, what was refused with them, and a good page."""

    canaries: dict[str, str]
    refusals: list[httpx2.Response]
    invitation: httpx2.Response


@pytest.fixture(scope="module")
def used(inside: Site) -> Used:
    admin, zoe = make.actor("Ada", role="admin"), lodge(make.actor("Zoe"))
    link, reset = _link(admin, make.actor("Yan")), _link(admin, zoe)
    old = _link(admin, make.actor("Xia"), ago=timedelta(days=3))
    with db.transaction(zoe) as session:
        key = tokens.create(session, "ERP", ["customer:read"])[1]
    refusals: list[httpx2.Response] = []
    with inside.visitor() as client:
        invitation = client.get(f"/account/invitation?token={link}")
        for token in (old, link[:-1]):
            refusals.append(client.get(f"/account/invitation?token={token}"))
        for token in (link, reset):
            page = f"/account/invitation?token={token}"
            refusals.append(post(client, page, password="short"))
        post(client, f"/account/invitation?token={link}", password=NEW)
        refusals.append(client.get(f"/account/invitation?token={link}"))
        signed_in = client.cookies["crm_session"]
    with inside.visitor() as client:
        refusals.append(
            post(client, "/account/login", email="zoe@example.com", password=WRONG)
        )
        header = {"authorization": f"Bearer {key}"}
        place = "/api/v1/customers"
        assert client.get(place, headers=header).status_code == 200
        refusals += [
            client.post(place, json={"name": "x"}, headers=header),
            client.get(f"{place}/999", headers=header),
            client.get(f"{place}?limit=x", headers=header),
            client.get("/", headers=header),
            client.get("/media/x", headers=header),
            client.get(place, headers={"authorization": f"Basic {key}"}),
            client.get(place, headers={"authorization": f"Bearer {key}x"}),
        ]
    canaries = {
        "invitation": link,
        "reset link": reset,
        "expired link": old,
        "API token": key,
        "session": signed_in,
        "password": PASSWORD,
        "new password": NEW,
        "wrong password": WRONG,
    }
    return Used(canaries, refusals, invitation)


def _link(admin: Actor, user: Actor, *, ago: timedelta = timedelta()) -> str:
    with db.transaction(admin) as session:
        return invitations.invite(session, user.user_id or 0, at=utcnow() - ago)


def test_no_secret_is_in_the_log(used: Used, inside: Site) -> None:
    log = inside.log.read_text()

    assert [name for name, secret in used.canaries.items() if secret in log] == []


def test_no_secret_is_in_clear_on_disk(used: Used, inside: Site) -> None:
    """The audit, the journal of the database and whatever else lies there."""
    files = [file for file in inside.data.rglob("*") if file.is_file()]
    stored = b"".join(file.read_bytes() for file in files)

    found = [n for n, secret in used.canaries.items() if secret.encode() in stored]
    assert b"zoe@example.com" in stored
    assert found == []


def test_no_refusal_repeats_a_secret(used: Used) -> None:
    said = [f"{one.text} {_headers(one)}" for one in used.refusals]

    assert len(said) == 13
    found = [n for n, s in used.canaries.items() if any(s in one for one in said)]
    assert found == []


def _headers(answer: httpx2.Response) -> str:
    """But for the way back to the page itself; a cookie with what it says unpacked."""
    headers = {k: v for k, v in answer.headers.items() if k != "location"}
    packed = re.findall(r"_session=([\w-]+)", str(headers))
    return f"{headers} {[base64.urlsafe_b64decode(one + '===') for one in packed]}"


def test_the_page_of_an_invitation_tells_nobody_its_address(used: Used) -> None:
    """No other site is asked for anything, and none would be told from where."""
    page = used.invitation

    assert page.status_code == 200
    assert page.headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert page.headers["cache-control"] == "no-store"
    linked = re.findall(r"(?:src|srcset|href|action)=[\"']?([^\"' >]+)", page.text)
    assert linked
    assert all(re.match(r"/(?!/)", one) for one in linked)


def test_a_proxy_that_speaks_tls_makes_the_cookies_secure(inside: Site) -> None:
    """B10: it stands on the same machine, and says so by a header."""
    with inside.visitor() as client:
        answer = client.get("/account/login", headers={"x-forwarded-proto": "https"})

    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    assert all("; secure" in one.lower() for one in cookies)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_no_answer_tells_a_version(inside: Site) -> None:
    """I5."""
    with inside.visitor() as client:
        answers = [client.get(path) for path in ("/account/login", "/healthz", "/api")]

    told = [one.headers.get("server", "") for one in answers]
    assert not any(re.search(r"\d", one) for one in told)
    assert not any("x-powered-by" in one.headers for one in answers)

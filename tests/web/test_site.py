"""Who gets in, by which door, and what the answers carry."""

import asyncio
import re

import pytest
import websockets

from tests.web.conftest import PASSWORD, Site, post

pytestmark = pytest.mark.slow

SOCKET = "/_stcore/stream"


def close_code(site: Site, **headers: str) -> int | None:
    """How the server ends a socket that is opened with `headers`; None if it stays."""

    async def opened() -> int | None:
        url = site.url.replace("http", "ws") + SOCKET
        try:
            async with websockets.connect(
                url, subprotocols=["streamlit"], additional_headers=headers
            ):
                return None
        except websockets.InvalidStatus as refused:
            return refused.response.status_code

    return asyncio.run(opened())


def test_an_empty_house_asks_to_be_set_up(fresh: Site) -> None:
    with fresh.visitor() as client:
        answer = client.get("/customers")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/account/setup"


def test_set_up_from_elsewhere_needs_the_token(fresh: Site) -> None:
    with fresh.visitor() as client:
        client.headers["x-forwarded-for"] = "203.0.113.9"
        assert client.get("/account/setup").status_code == 403

        told = r"To set up: http://localhost:(\d+)(/account/setup\?token=\S+)"
        found = re.search(told, fresh.log.read_text())
        assert found is not None
        assert fresh.url.endswith(f":{found[1]}")  # where the app really is
        opened = client.get(found[2])
    assert opened.status_code == 200


def test_set_up_happens_once(site: Site) -> None:
    with site.visitor() as client:
        assert client.get("/account/setup").status_code == 404
        assert client.post("/account/setup", data={"name": "Eve"}).status_code == 404


def test_the_first_page_is_found_by_its_name(site: Site) -> None:
    for query in ("", "?todo=late"):
        with site.ada() as client:
            answer = client.get(f"/start{query}")

        assert answer.status_code == 307
        assert answer.headers["location"] == f"/{query}"


@pytest.mark.parametrize("path", ["/", "/customers", "/customer?id=1", "/users"])
def test_a_stranger_is_sent_to_sign_in(site: Site, path: str) -> None:
    with site.visitor() as client:
        answer = client.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/account/login?next=%2F")


@pytest.mark.parametrize(
    "path",
    ["/media/x.png", "/_stcore/metrics", "/_stcore/host-config", "/api/v1/customers"],
)
def test_a_stranger_gets_nothing_else(site: Site, path: str) -> None:
    with site.visitor() as client:
        assert client.get(path).status_code == 401


def test_what_a_client_claims_about_itself_is_dropped(site: Site) -> None:
    claims = {"x-crm-user": "1", "x-crm-role": "admin", "x-crm-session": "1"}
    with site.visitor() as client:
        assert client.get("/_stcore/metrics", headers=claims).status_code == 401

    assert close_code(site, **claims) == 403


def test_a_strangers_socket_is_refused(site: Site) -> None:
    assert close_code(site) == 403


def test_a_cookie_opens_the_page_and_the_socket(site: Site) -> None:
    with site.ada() as client:
        assert client.get("/").status_code == 200
    cookie = f"crm_session={site.cookies['crm_session']}"

    assert close_code(site, cookie=cookie, origin=site.url) is None


def test_another_site_cannot_use_the_cookie(site: Site) -> None:
    cookie = f"crm_session={site.cookies['crm_session']}"

    assert close_code(site, cookie=cookie, origin="https://evil.example") == 403
    with site.ada() as client:
        evil = {"origin": "https://evil.example"}
        answer = client.post("/account/logout", headers=evil)
    assert answer.status_code == 403


def test_a_wrong_password_is_told_and_leaves_no_post_behind(site: Site) -> None:
    with site.visitor() as client:
        answer = post(
            client, "/account/login", email="ada@example.com", password="wrong horse"
        )
        assert answer.status_code == 303
        assert "crm_session" not in client.cookies

        assert "password is wrong" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/customers?p=2", "/customers?p=2"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_sign_in_leads_back_to_this_site_only(
    site: Site, asked: str, given: str
) -> None:
    with site.visitor() as client:
        page = client.get("/account/login", params={"next": asked})
        found = re.search(r'name=csrf value="([^"]+)"', page.text)
        assert found is not None
        answer = client.post(
            "/account/login",
            params={"next": asked},
            data={
                "email": "ada@example.com",
                "password": PASSWORD,
                "csrf": found[1],
            },
        )

    assert answer.headers["location"] == given
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_signing_out_ends_the_session(site: Site) -> None:
    with site.visitor() as client:
        post(client, "/account/login", email="ada@example.com", password=PASSWORD)
        token = client.cookies["crm_session"]
        page = client.get("/account").text
        found = re.search(r'name=csrf value="([^"]+)"', page)
        assert found is not None
        client.post(
            "/account/logout", data={"csrf": found[1]}, headers={"origin": site.url}
        )

    with site.visitor(crm_session=token) as later:
        assert later.get("/").status_code == 303


def test_answers_forbid_framing_and_foreign_scripts(site: Site) -> None:
    with site.ada() as client:
        headers = client.get("/").headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_no_secret_is_in_the_log_or_the_database(site: Site) -> None:
    with site.visitor() as client:
        post(client, "/account/login", email="ada@example.com", password=PASSWORD)
        token = client.cookies["crm_session"]

    stored = b"".join(
        file.read_bytes() for file in site.data.glob("crm.db*") if file.is_file()
    )
    for secret in (PASSWORD, token):
        assert secret not in site.log.read_text()
        assert secret.encode() not in stored


def test_the_house_tells_that_it_is_well(site: Site) -> None:
    with site.visitor() as client:
        assert client.get("/healthz").json() == {"status": "ok"}


def test_a_large_body_is_refused(site: Site) -> None:
    with site.visitor() as client:
        answer = client.post("/account/login", content=b"x" * 2_100_000)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/..%2f..%2f..%2fdata%2fsecret.key",
        "/app/static/%2e%2e/%2e%2e/%2e%2e/crm/config.py",
        "/app/static/..%5c..%5ccrm%5cconfig.py",
        "/app/static//etc/passwd",
        "/app/static/%2fetc%2fpasswd",
        "/app/static/%5c%5chost%5cshare",
        "/app/static/icon.svg%00.py",
        "/static/..%2f..%2fconfig.py",
        "/media/..%2f..%2fsecret.key",
        "/component/..%2f..%2f/config.py",
    ],
)
def test_no_address_leads_out_of_the_folder(site: Site, path: str) -> None:
    """C6."""
    with site.ada() as client:
        answer = client.get(path)

    assert 400 <= answer.status_code < 500
    assert "root:" not in answer.text
    assert "CRM_" not in answer.text

"""The web as it is served, but for Streamlit: identity, sign-in and the API."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Mount
from starlette.testclient import TestClient

from crm import db
from crm.api.app import api, short
from crm.models import SYSTEM, Actor, User
from crm.services.admin import passwords, tokens
from crm.web import account, public, start
from crm.web.headers import Headers
from crm.web.identity import Identity
from crm.web.short import ShortPath

PASSWORD = "seven quiet otters"
ELSEWHERE = "203.0.113.9"

house = Starlette(
    routes=[
        *account.ROUTES,
        *public.ROUTES,
        *start.ROUTES,
        ShortPath("/customers", short),
        Mount("/api", api),
    ],
    middleware=[
        Middleware(Headers),
        Middleware(Identity),
        Middleware(SessionMiddleware, secret_key="of no use elsewhere"),
    ],
)


def visitor(address: str = ELSEWHERE, *, scheme: str = "https") -> TestClient:
    """A browser, or another system, at `address`."""
    return TestClient(
        house,
        base_url=f"{scheme}://crm.example",
        client=(address, 50_000),
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def lodge(actor: Actor, password: str = PASSWORD) -> Actor:
    """Give `actor` a password to sign in with."""
    with db.transaction(SYSTEM) as session:
        user = db.get(session, User, actor.user_id or 0)
        user.password_hash = passwords.hashed(password)
    return actor


def bearer(actor: Actor, *scopes: str) -> dict[str, str]:
    """The header of a new API token of `actor`, for `scopes` or for everything."""
    with db.transaction(actor) as session:
        _row, token = tokens.create(session, "test", list(scopes or tokens.SCOPES))
    return {"authorization": f"Bearer {token}"}

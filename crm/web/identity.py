"""One identity for everything: pages, REST, media, uploads and sockets.

The middleware turns a session cookie or a Bearer token into a verified `Actor`,
drops what a client claims about itself, and tells Streamlit by headers that only
it can set. Nothing but sign-in and static files is open to anyone else.
"""

import time
from typing import Any
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from crm.errors import TooMany
from crm.i18n import use
from crm.models import Actor
from crm.services.admin import sessions, setup, tokens
from crm.web.limits import Budget

COOKIE, SECURE_COOKIE = "crm_session", "__Host-crm_session"
CLAIMS = {b"x-crm-user", b"x-crm-role", b"x-crm-session"}
OPEN = {
    "/_stcore/health",
    "/healthz",
    "/account/login",
    "/account/setup",
    "/account/invitation",
    "/favicon.png",
    "/manifest.json",
}
OPEN_FOLDERS = ("/static/", "/app/static/", "/form/", "/offer/")
NO_HTML = ("/api", "/_stcore", "/media", "/component")
SAFE = {"GET", "HEAD", "OPTIONS"}
BUDGET = Budget(burst=200, per_second=20)  # of each API token

_set_up = False  # once true, it stays so


class Identity:
    """ASGI middleware: verify, strip, tell; or send to sign in."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        actor = await to_thread.run_sync(_who, request)
        if actor is None and not is_open(scope["path"]):
            await _refuse(scope, receive, send)
            return
        if actor is not None and (answer := _objection(request, scope, actor)):
            await _end(scope, receive, send, answer)
            return
        headers = [(k, v) for k, v in scope["headers"] if k.lower() not in CLAIMS]
        if actor is not None:
            headers += _told(actor)
        await self.app({**scope, "headers": headers, "crm_actor": actor}, receive, send)


def is_open(path: str) -> bool:
    """Whether `path` needs no identity."""
    return path in OPEN or (path.startswith(OPEN_FOLDERS) and ".." not in path)


def _who(request: HTTPConnection) -> Actor | None:
    """A token counts for the API only; a cookie counts everywhere."""
    if (token := _bearer(request)) is not None:
        is_api = request.scope["path"].startswith(("/api", "/customers"))
        return tokens.who(token) if is_api else None
    cookie = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
    return sessions.who(cookie) if cookie else None


def _bearer(request: HTTPConnection) -> str | None:
    given = request.headers.get("authorization", "")
    return given[7:].strip() if given.lower().startswith("bearer ") else None


def _told(actor: Actor) -> list[tuple[bytes, bytes]]:
    return [
        (b"x-crm-user", str(actor.user_id).encode()),
        (b"x-crm-role", actor.role.value.encode()),
        (b"x-crm-session", str(actor.session_id or "").encode()),
    ]


def _objection(request: HTTPConnection, scope: Any, actor: Actor) -> Response | None:
    """Why a request is refused although we know who asks."""
    if _is_forged(request, scope):
        return JSONResponse({"detail": "cross-site request refused"}, 403)
    if (token := _bearer(request)) is not None:
        use(actor.language)
        try:
            BUDGET.spend(sessions.digest(token), now=time.monotonic())
        except TooMany as error:
            wait = {"Retry-After": str(error.retry_after)}
            return JSONResponse({"detail": str(error)}, 429, wait)
    return None


def _is_forged(request: HTTPConnection, scope: Any) -> bool:
    """A request that another site made with the user's cookie, and that changes."""
    if request.headers.get("authorization") or (
        scope["type"] == "http" and scope["method"] in SAFE
    ):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "none") not in (
            "none",
            "same-origin",
        )
    return urlsplit(origin).netloc != request.headers.get("host")


async def _refuse(scope: Any, receive: Any, send: Any) -> None:
    path = scope["path"]
    answer: Response = JSONResponse({"detail": "authentication required"}, 401)
    if scope["type"] == "http" and _wants_page(scope, path):
        query = scope["query_string"].decode("latin-1")
        target = path + (f"?{query}" if query else "")
        answer = RedirectResponse(f"/account/login?next={quote(target, safe='')}", 303)
        if await to_thread.run_sync(needs_setup):
            answer = RedirectResponse("/account/setup", 303)
    await _end(scope, receive, send, answer)


def needs_setup() -> bool:
    """Whether nobody has an account yet."""
    global _set_up  # noqa: PLW0603  (asked with every anonymous request)
    if not _set_up:
        _set_up = not setup.is_needed()
    return not _set_up


def _wants_page(scope: Any, path: str) -> bool:
    accept = HTTPConnection(scope).headers.get("accept", "")
    is_page = scope["method"] == "GET" and "text/html" in accept
    return is_page and not path.startswith(NO_HTML)


async def _end(scope: Any, receive: Any, send: Any, answer: Response) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4401})
    else:
        await answer(scope, receive, send)

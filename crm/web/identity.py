"""One identity for everything: pages, REST, media, uploads and sockets.

The middleware turns a session cookie or a Bearer token into a verified `Actor`,
drops what a client claims about itself, and tells Streamlit by headers that only
it can set. Nothing but sign-in and static files is open to anyone else.
"""

from typing import Any
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from crm.models import Actor
from crm.services import sessions, setup, tokens

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
OPEN_FOLDERS = ("/static/", "/app/static/")
NO_HTML = ("/api", "/_stcore", "/media", "/component")
SAFE = {"GET", "HEAD", "OPTIONS"}

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
        if actor is not None and _is_forged(request, scope):
            answer = JSONResponse({"detail": "cross-site request refused"}, 403)
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
    given = request.headers.get("authorization", "")
    if given.lower().startswith("bearer "):
        is_api = request.scope["path"].startswith(("/api", "/customers"))
        return tokens.who(given[7:].strip()) if is_api else None
    cookie = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
    return sessions.who(cookie) if cookie else None


def _told(actor: Actor) -> list[tuple[bytes, bytes]]:
    return [
        (b"x-crm-user", str(actor.user_id).encode()),
        (b"x-crm-role", actor.role.value.encode()),
        (b"x-crm-session", str(actor.session_id or "").encode()),
    ]


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

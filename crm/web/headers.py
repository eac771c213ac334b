"""What every answer says to the browser about what it may do with it."""

from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse

POLICY = (
    "default-src 'self'; script-src 'self' blob: 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
API_BODY = 2_000_000  # bytes


class Headers:
    """ASGI middleware: security headers, and a limit for bodies sent to the API."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("content-security-policy", POLICY)
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                headers["x-frame-options"] = "DENY"
                if scope.get("scheme") == "https":
                    headers["strict-transport-security"] = "max-age=31536000"
            await send(message)

        if _is_too_large(scope):
            answer = JSONResponse({"detail": "The request is too large."}, 413)
            await answer(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def _is_too_large(scope: Any) -> bool:
    if not scope["path"].startswith(("/api", "/account")):
        return False
    for name, value in scope["headers"]:
        if name == b"content-length":
            return not value.isdigit() or int(value) > API_BODY
    return False

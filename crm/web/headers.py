"""What every answer says to the browser about what it may do with it."""

from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from crm.web import limits

POLICY = (
    "default-src 'self'; script-src 'self' blob: 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)


class Headers:
    """ASGI middleware: security headers, and limits to what may be asked for."""

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
                    message["headers"] = [_secured(*pair) for pair in headers.raw]
            await send(message)

        try:
            limits.check_headers(scope)
        except HTTPException as refused:
            answer = JSONResponse({"detail": refused.detail}, refused.status_code)
            await answer(scope, receive, guarded)
            return
        await self.app(scope, limits.counted(scope, receive), guarded)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A header; a cookie in it never travels in clear. Behind a proxy that speaks
    TLS, Streamlit does not say so of its own.
    """
    if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        value += b"; Secure"
    return name, value

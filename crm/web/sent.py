"""What a browser has sent: the fields of a form that this site has made for it."""

import hmac
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

LONGEST = 100_000  # bytes of a form


async def given(request: Request) -> dict[str, Any]:
    """The fields of a form that carries this session's token, else nothing."""
    found = await _fields(request) if await is_ours(request) else {}
    found.pop("csrf", None)
    return found


async def is_ours(request: Request) -> bool:
    """Whether the form was made by this site for this browser."""
    wanted = request.session.get("csrf", "").encode()
    token = str((await _fields(request)).get("csrf", "")).encode()
    return bool(wanted) and hmac.compare_digest(wanted, token)


async def _fields(request: Request) -> dict[str, Any]:
    body = (await request.body())[:LONGEST].decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(body).items()}

"""What one client may ask for: the size of a body, parts of a file, calls a second."""

import math
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException

from crm.errors import TooMany
from crm.i18n import _

BODY = 2_000_000  # bytes
PARTS = 100  # of one file in one request; Starlette would send the whole file then
MANY = 10_000  # callers of a budget, before those who owe nothing are forgotten
UPLOADS = "/_stcore/"  # go to Streamlit, which has a limit of its own


def check_headers(scope: Any) -> None:
    """Refuse what is too much by what its headers say.

    Raises:
        HTTPException: 413 or 416.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    is_short = length.isdigit() and len(length) < 10 and int(length) <= BODY
    if _is_limited(scope) and not is_short:
        raise _too_large()
    if headers.get(b"range", b"").count(b",") >= PARTS:
        raise HTTPException(416, _("These are too many parts of one file."))


def counted(scope: Any, receive: Any) -> Any:
    """`receive`, which stops a body that is longer than its headers say.

    Raises:
        HTTPException: 413, from within the app that reads the body.
    """
    if not _is_limited(scope):
        return receive
    left = BODY

    async def limited() -> Any:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large()
        return message

    return limited


@dataclass
class Budget:
    """How often each caller may call: `burst` times at once, then `per_second`.

    Kept in this process alone: see `docs/decisions/0013-a-budget-for-each-token.md`.
    Callers who owe nothing are forgotten once there are many.
    """

    burst: int
    per_second: float
    paid_until: dict[str, float] = field(default_factory=dict)

    def spend(self, caller: str, *, now: float) -> None:
        """Count a call of `caller` at `now`, in seconds of any clock.

        Raises:
            TooMany: there were too many; this one is not counted.
        """
        paid_until = max(self.paid_until.get(caller, now), now) + 1 / self.per_second
        ahead = paid_until - now - self.burst / self.per_second
        if ahead > 1e-9:
            raise TooMany(
                _("Too many requests. Try again in a moment."),
                retry_after=math.ceil(ahead),
            )
        if len(self.paid_until) >= MANY:
            owing = {one: t for one, t in self.paid_until.items() if t > now}
            self.paid_until = owing
        self.paid_until[caller] = paid_until


def _is_limited(scope: Any) -> bool:
    return not scope["path"].startswith(UPLOADS)


def _too_large() -> HTTPException:
    return HTTPException(413, _("The request is too large."))

"""Seals: what makes a change to the change log show."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

from crm.config import secret_key
from crm.db.plain import canonical, plain

GENESIS = "0" * 64
SAID = ("at", "actor_id", "actor_name", "actor_kind", "reason", "note", "undoes")
CHANGED = (
    "entity", "record_id", "last_id", "customer_id", "deed", "before", "after",
)  # fmt: skip


def sealed(
    previous: str, row: dict[str, Any], changes: Iterable[dict[str, Any]]
) -> str:
    """The seal of an operation: HMAC-SHA256 over the one before and all it says.

    `row` and `changes` may hold more keys than count; each change is read once.
    """
    mac = hmac.new(secret_key(), previous.encode(), hashlib.sha256)
    mac.update(_line(row, SAID))
    for change in changes:
        mac.update(_line(change, CHANGED))
    return mac.hexdigest()


def head_seal(operation_id: int | None, operations: int, seal: str) -> str:
    """What the head of the log carries: it vouches for the last seal and the count.

    Not the seal itself, which can be read off the operation before: whoever cuts
    off the end of the log cannot make a head that fits.
    """
    text = f"head {operation_id} {operations} {seal}"
    return hmac.new(secret_key(), text.encode(), hashlib.sha256).hexdigest()


def _line(row: dict[str, Any], names: tuple[str, ...]) -> bytes:
    said = {name: plain(row[name]) for name in names}
    return f"\n{canonical(said)}".encode()

"""Slow down guessing: attempts on one account, and from one address.

An attempt is counted before it is checked and forgiven when it succeeds, so that a
hundred guesses sent at once count as a hundred. The counts are rows: they survive
a restart and hold for all processes together.
"""

import hashlib
import hmac
import ipaddress
import math
from datetime import datetime, timedelta

from sqlalchemy import case, delete, inspect, update
from sqlmodel import Session, col, select

from crm import db
from crm.config import secret_key
from crm.errors import TooMany
from crm.i18n import _, ngettext
from crm.models import Throttle, folded

FREE = {"account": 5, "address": 40, "offer": 40}  # an address may be a whole office
FIRST_WAIT = timedelta(seconds=30)  # doubles with each further failure
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def account_key(email: str, known_from: str | None = None) -> str:
    """The key of an account, or of an account at an address where it is at home.

    Attempts from a known address count apart, so that nobody can lock a user out
    by guessing from elsewhere. The e-mail is hidden: people type passwords into
    the wrong field.
    """
    named = f"{folded(email)}\n{known_from or ''}".encode("utf-8", "replace")
    return "account:" + hmac.new(secret_key(), named, hashlib.sha256).hexdigest()[:40]


def address_key(address: str | None, kind: str = "address") -> str:
    """The key of a client's address; of its network with IPv6.

    What is tried from there counts apart for each `kind` in `FREE`.
    """
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return f"{kind}:unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is None:
        return f"{kind}:{ipaddress.ip_network((ip, 64), strict=False)}"
    return f"{kind}:{getattr(ip, 'ipv4_mapped', None) or ip}"


def count(session: Session, *keys: str, at: datetime) -> None:
    """Count one attempt under each of `keys`, made at `at`.

    Raises:
        TooMany: one of them has to wait; roll back, and nothing is counted.
    """
    for key in keys:
        row = _counted(session, key, at)
        if row.blocked_until and row.blocked_until > at:
            raise _wait(row.blocked_until - at)
        excess = row.failures - FREE[key.partition(":")[0]]
        if excess >= 0:
            wait = min(FIRST_WAIT * 2 ** min(excess, 10), LONGEST_WAIT)
            row.blocked_until = at + wait


def forgive(session: Session, *keys: str) -> None:
    """Take the last attempt back, as it succeeded; an account starts afresh.

    An address does not: whoever has one account could else try all the others.
    """
    for key in keys:
        mine = col(Throttle.key) == key
        if key.startswith("account:"):
            session.execute(delete(Throttle).where(mine))
        else:
            taken_back = {"failures": Throttle.failures - 1, "blocked_until": None}
            session.execute(update(Throttle).where(mine).values(taken_back))


def _counted(session: Session, key: str, at: datetime) -> Throttle:
    """The row of `key`, locked, after one more attempt."""
    one_more = case(
        (col(Throttle.last_at) < at - FORGOTTEN_AFTER, 1), else_=Throttle.failures + 1
    )
    statement = update(Throttle).where(col(Throttle.key) == key)
    statement = statement.values(failures=one_more, last_at=at)
    connection = session.connection()
    if connection.execute(statement).rowcount == 0:
        row = {"key": key, "failures": 0, "last_at": at}
        db.insert_new(connection, inspect(Throttle).local_table, [row], ["key"])
        connection.execute(statement)
    found = select(Throttle).where(Throttle.key == key)
    return session.exec(found.execution_options(populate_existing=True)).one()


def _wait(left: timedelta) -> TooMany:
    seconds = math.ceil(left.total_seconds())
    if seconds < 100:
        time = ngettext("{count} second", "{count} seconds", seconds)
        time = time.format(count=seconds)
    else:
        minutes = math.ceil(seconds / 60)
        time = ngettext("{count} minute", "{count} minutes", minutes)
        time = time.format(count=minutes)
    message = _("Too many failed attempts. Try again in {time}.").format(time=time)
    return TooMany(message, retry_after=seconds)

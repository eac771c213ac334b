"""The same request sent twice is done once, and answered alike."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import IdempotencyKey, Record

Kept = TypeVar("Kept", bound=Record)


@dataclass(frozen=True)
class Answer:
    """What was answered: status, location and ETag headers, body as plain data."""

    status: int
    body: Any
    location: str | None = None
    etag: str | None = None


def known(session: Session, key: str, request: Any) -> Answer | None:
    """The answer given to this key before; None when it is new.

    Raises:
        Invalid: the key came with another request before.
    """
    found = session.scalars(
        select(IdempotencyKey).where(col(IdempotencyKey.key) == _full(session, key))
    ).first()
    if found is None:
        return None
    if found.request != _digest(request):
        raise Invalid(
            _("This idempotency key was used for another request."),
            field="Idempotency-Key",
        )
    return Answer(found.status, found.answer, found.location, found.etag)


def remember(session: Session, key: str, request: Any, answer: Answer) -> None:
    """Keep `answer` with the change that it tells of, in one transaction."""
    session.add(
        IdempotencyKey(
            key=_full(session, key),
            request=_digest(request),
            status=answer.status,
            location=answer.location,
            etag=answer.etag,
            answer=answer.body,
        )
    )
    session.flush()


def made_once(
    session: Session, key: str, request: Any, kind: type[Kept], make: Callable[[], Kept]
) -> Kept:
    """What `make` makes; asked again under the key of a form, what it has made.

    Args:
        key: given when the form opened.
        request: what is in the form.
        kind: of what is made.

    Raises:
        Invalid: the key came with another request before.
        NotFound: what was made is gone by now.
    """
    name = f"form:{key}"
    if found := known(session, name, request):
        return db.get(session, kind, int(found.body["id"]))
    made = make()
    remember(session, name, request, Answer(201, {"id": made.id}))
    return made


def forget(session: Session, *, before: datetime) -> int:
    """Drop keys of requests that were made before; how many.

    What a job has noted as written stays: the job may still be tried again.
    """
    gone = delete(IdempotencyKey).where(
        col(IdempotencyKey.created_at) < before,
        ~col(IdempotencyKey.key).startswith("job:"),
    )
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]  # a delete has one


def _full(session: Session, key: str) -> str:
    """Keys of different users never meet."""
    if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise Invalid(
            _("An idempotency key has 1 to 200 characters, without accents."),
            field="Idempotency-Key",
        )
    return f"{db.actor_of(session).user_id}:{key}"


def _digest(request: Any) -> str:
    text = json.dumps(request, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()

"""Do what a request asks in one transaction; with a key of its own, only once."""

from collections.abc import Callable
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

from crm import db
from crm.errors import CRMError
from crm.models import Actor
from crm.services import idempotency
from crm.services.idempotency import Answer


def once(
    actor: Actor, key: str | None, said: Any, work: Callable[[Session], Answer]
) -> Response:
    """Do `work` in one transaction; with a key, once, and answer alike ever after.

    Of two that run at the same time, one is done: the other meets its key, or what it
    has changed, is rolled back, looks again, and gives the answer of the first.
    """
    try:
        answer = _attempt(actor, key, said, work)
    except CRMError:
        with db.reading(actor) as session:
            known = idempotency.known(session, key, said) if key else None
        if known is None:
            raise
        answer = known
    return _response(answer)


def _attempt(
    actor: Actor, key: str | None, said: Any, work: Callable[[Session], Answer]
) -> Answer:
    with db.transaction(actor) as session:
        if key and (known := idempotency.known(session, key, said)):
            return known
        answer = work(session)
        if key:
            idempotency.remember(session, key, said, answer)
        return answer


def _response(answer: Answer) -> Response:
    headers = {}
    if answer.location:
        headers["Location"] = answer.location
    if answer.etag:
        headers["ETag"] = answer.etag
    if answer.status == 204:
        return Response(status_code=204)
    return JSONResponse(answer.body, answer.status, headers)

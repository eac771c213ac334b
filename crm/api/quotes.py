"""/quotes: written as drafts with their lines, sent, answered, followed by versions."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, etag, plain, version_of
from crm.api.edits import changing
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.api.resources import listing
from crm.models import Action, Actor, Fields, Quote, QuoteFields, utcnow
from crm.services.documents import quote_links, quotes, quotes_paper, quotes_sending
from crm.services.documents.quote_fields import QUOTE_FIELDS
from crm.services.documents.quotes_sending import LetterFields
from crm.services.idempotency import Answer

router = APIRouter(prefix="/quotes", tags=["quotes"], responses=ANSWERS)
ENTITY = "quote"
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The quote as PDF"}
}


class AnswerFields(Fields):
    """Who has answered, and what was said."""

    by: str = Field(min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=500)


class VersionFields(Fields):
    """The last day of the new version; without one it lasts as long as the old."""

    valid_until: date | None = None


listing(
    router,
    ENTITY,
    [field.name for field in QUOTE_FIELDS],
    "Quotes, latest first, without their lines.",
)


@router.post("", status_code=201, response_model=None)
def create(actor: ActorDep, body: QuoteFields, key: OnceKey = None) -> Response:
    """Write a quote with its lines, as a draft."""
    db.require(actor, Action.CREATE, ENTITY)

    def work(session: Session) -> Answer:
        return _made(session, quotes.create(session, body).id)

    said = body.model_dump(mode="json", exclude_unset=True)
    return once(actor, key, {"post": "/quotes"} | said, work)


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One version of a quote with its lines, and its public address once sent."""
    with db.reading(actor) as session:
        row = quotes.quote(session, record_id)
        body = _shown(session, row)
    return JSONResponse(body, headers={"ETag": etag(row)})


def _change(
    session: Session, record_id: int, body: dict[str, Any], version: int
) -> Answer:
    quotes.update(session, record_id, body, version=version)
    return _now(session, record_id)


changing(router, ENTITY, _change, "Change a draft; `lines` are given as a whole.")


@router.post("/{record_id}/send", response_model=None)
def send(
    actor: ActorDep,
    record_id: int,
    body: LetterFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Send a draft by mail with its PDF; without an address, note that it was sent."""
    version, file = version_of(match), ("", b"")
    db.require(actor, Action.UPDATE, ENTITY)
    if body.to_address is not None:
        with db.reading(actor) as session:
            file = quotes_paper.pdf(session, quotes.quote(session, record_id))

    def work(session: Session) -> None:
        quotes_sending.send(
            session, record_id, body, file, at=utcnow(), version=version
        )

    return _step(actor, record_id, "send", body, version, key, work)


@router.post("/{record_id}/accept", response_model=None)
def accept(
    actor: ActorDep,
    record_id: int,
    body: AnswerFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Note that the customer has accepted."""
    version = version_of(match)
    given: dict[str, Any] = body.model_dump() | {"version": version}

    def work(session: Session) -> None:
        quotes.accept(session, record_id, at=utcnow(), **given)

    return _step(actor, record_id, "accept", body, version, key, work)


@router.post("/{record_id}/decline", response_model=None)
def decline(
    actor: ActorDep,
    record_id: int,
    body: AnswerFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Note that the customer has declined."""
    version = version_of(match)
    given: dict[str, Any] = body.model_dump() | {"version": version}

    def work(session: Session) -> None:
        quotes.decline(session, record_id, at=utcnow(), **given)

    return _step(actor, record_id, "decline", body, version, key, work)


@router.post("/{record_id}/revise", status_code=201, response_model=None)
def revise(
    actor: ActorDep,
    record_id: int,
    body: VersionFields,
    match: IfMatch = None,
    key: OnceKey = None,
) -> Response:
    """Begin the next version: a draft like this one."""
    version = version_of(match)
    db.require(actor, Action.CREATE, ENTITY)

    def work(session: Session) -> Answer:
        made = quotes.revise(
            session, record_id, valid_until=body.valid_until, version=version
        )
        return _made(session, made.id)

    said = {"post": f"/quotes/{record_id}/revise", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), work)


@router.get("/{record_id}/pdf", response_class=Response, responses=PDF)
def pdf(actor: ActorDep, record_id: int) -> Response:
    """The quote as it is sent to the customer."""
    with db.reading(actor) as session:
        name, content = quotes_paper.pdf(session, quotes.quote(session, record_id))
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=attached)


def _step(  # noqa: PLR0913, PLR0917  (what each step of a quote has)
    actor: Actor,
    record_id: int,
    name: str,
    body: Fields,
    version: int,
    key: str | None,
    work: Callable[[Session], None],
) -> Response:
    """Do a step, once for each key, and answer with the quote as it is then."""
    db.require(actor, Action.UPDATE, ENTITY)

    def answered(session: Session) -> Answer:
        work(session)
        return _now(session, record_id)

    said = {"post": f"/quotes/{record_id}/{name}", "version": version}
    return once(actor, key, said | body.model_dump(mode="json"), answered)


def _made(session: Session, record_id: int) -> Answer:
    session.expire_all()  # answer what the database holds
    row = quotes.quote(session, record_id)
    return Answer(201, _shown(session, row), f"/api/v1/quotes/{row.id}", etag(row))


def _now(session: Session, record_id: int) -> Answer:
    session.expire_all()
    row = quotes.quote(session, record_id)
    return Answer(200, _shown(session, row), None, etag(row))


def _shown(session: Session, row: Quote) -> dict[str, Any]:
    """A quote as JSON; with its public address once it was sent.

    Whoever has that address can answer, and so only those see it who may change it.
    """
    may = db.actor_of(session).may(Action.UPDATE, ENTITY)
    address = quote_links.url(row) if may and row.sent_at else None
    return plain(row) | {"lines": [plain(line) for line in row.lines], "url": address}

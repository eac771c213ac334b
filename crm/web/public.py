"""/offer/<token>: a quote as its customer sees it, without sign-in; and the answer.

Whoever has the address may look and answer, once. An unknown address, one that was
tampered with, and that of a quote in the recycle bin are told alike: nothing there.
"""

import time
from typing import Any, Literal
from urllib.parse import quote as quoted

from anyio import to_thread
from pydantic import Field, field_validator
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crm import db
from crm.errors import CRMError, Invalid, NotFound, TooMany
from crm.i18n import N_, _, best, use
from crm.models import SYSTEM, Actor, Fields, Quote, QuoteStatus, Role, utcnow
from crm.models.values import storable
from crm.services import records
from crm.services.admin import throttle
from crm.services.days import day_of
from crm.services.documents import papers, quote_links, quotes
from crm.services.documents.quotes_paper import file_name
from crm.web import offer, sent
from crm.web.limits import Budget
from crm.web.page import page, say

PRINTS = Budget(burst=10, per_second=1 / 10)  # of each quote as PDF
ANSWERED = N_("Answered on the public page, from {address}")


class AnswerFields(Fields):
    """What a customer fills in."""

    answer: Literal["accept", "decline"]
    name: str = Field(min_length=1, max_length=200)
    agree: bool = False
    note: str | None = Field(default=None, max_length=500)

    @field_validator("name", "note", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


async def show(request: Request) -> Response:
    """The page, and what its forms send."""
    if request.method != "POST":
        return await to_thread.run_sync(_shown, request)
    given = await sent.given(request)
    return await to_thread.run_sync(_answered, request, given)


def pdf(request: Request) -> Response:
    """The quote as a file."""
    try:
        with db.reading(SYSTEM) as session:
            quote = _found(session, request)
            paper = quotes.paper(session, quote)
        PRINTS.spend(str(quote.id), now=time.monotonic())
        content = papers.pdf(paper)
    except NotFound:
        return nothing(request)
    except TooMany as error:
        return _refused(error)
    except Invalid as error:  # a character that cannot be printed
        return _private(page(str(error), "", status=422))
    name = quoted(file_name(quote), safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return _private(Response(content, media_type="application/pdf", headers=headers))


def nothing(request: Request) -> Response:
    """That there is nothing here; who asks for it often has to wait."""
    use(best(request.headers.get("accept-language")))
    try:
        with db.transaction(SYSTEM) as session:
            key = throttle.address_key(_address(request), "offer")
            throttle.count(session, key, at=utcnow())
    except TooMany as error:
        return _refused(error)
    return _private(page(_("Not found"), "", status=404))


def _shown(request: Request) -> Response:
    try:
        with db.reading(SYSTEM) as session:
            quote = _found(session, request)
            paper = quotes.paper(session, quote)
    except NotFound:
        return nothing(request)
    brand = paper.sender[0] if paper.sender else ""
    return _private(
        page(
            _("Quote {number}").format(number=quote.number),
            offer.body(request, quote, paper, lapsed=_has_lapsed(quote)),
            head=offer.head(brand),
            brand=brand,
            style=offer.STYLE,
        )
    )


def _answered(request: Request, given: dict[str, Any]) -> Response:
    """Note the answer, unless there is one; the page tells what became of it."""
    try:
        with db.reading(SYSTEM) as session:
            quote = _found(session, request)
        if quote.status is QuoteStatus.SENT and not _has_lapsed(quote):
            _note(request, quote, given)
    except NotFound:
        return nothing(request)
    except CRMError as error:
        say(request, str(error))
    return _private(RedirectResponse(offer.here(request), 303))


def _note(request: Request, quote: Quote, given: dict[str, Any]) -> None:
    """Accept or decline.

    Raises:
        Invalid: the form is not ours, or something is missing in it.
        RuleBroken: somebody else was faster.
        Stale: the same.
    """
    if not given:
        raise Invalid(_("This form has expired. Try again."))
    form = records.valid(AnswerFields, given)
    if form.answer == "accept" and not form.agree:
        raise Invalid(_("Tick the box to accept the quote."), field="agree")
    step = quotes.accept if form.answer == "accept" else quotes.decline
    note = _(ANSWERED).format(address=_address(request) or "?")
    with db.transaction(_customer(form.name), note=note) as session:
        step(session, quote.id, by=form.name, note=form.note, at=utcnow())


def _found(session: Any, request: Request) -> Quote:
    """The quote of the address; from here on its language is spoken."""
    quote = quote_links.read(session, request.path_params["token"])
    use(quote.language)
    return quote


def _customer(name: str) -> Actor:
    """Who answers, as the log of changes names them: not one of our users."""
    return Actor(user_id=None, name=name[:120], role=Role.ADMIN, kind="customer")


def _has_lapsed(quote: Quote) -> bool:
    return quote.has_lapsed(day_of(utcnow()))


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None


def _refused(error: TooMany) -> Response:
    answer = page(str(error), "", status=429)
    answer.headers["retry-after"] = str(error.retry_after)
    return _private(answer)


def _private(answer: Response) -> Response:
    """For whoever has the address alone: kept by nobody, found by no search."""
    answer.headers["cache-control"] = "no-store"
    answer.headers["x-robots-tag"] = "noindex, nofollow"
    return answer


ROUTES = [
    Route("/offer/{token:str}", show, methods=["GET", "POST"]),
    Route("/offer/{token:str}/pdf", pdf),
    Route("/offer/{rest:path}", nothing),
]

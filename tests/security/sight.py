"""All that somebody can ask for, as plain data: to see that nothing shines through."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import CRMError
from crm.models import Actor
from crm.services import (
    activities,
    audit,
    exporting,
    filters,
    jobs,
    list_values,
    lists,
    naming,
    overview,
    recycle_bin,
    search,
    timeline,
    views,
)
from crm.services.admin import custom_fields
from crm.services.customers import (
    customers,
    duplicates,
    favourites,
    segments,
    tags,
    vcards,
)
from crm.services.documents import invoices, invoices_balance, orders, payments, quotes
from crm.services.fields import ENTITIES, Kind, fields_of
from crm.services.marketing import recipient_lists
from crm.services.sales import board, opportunities
from crm.services.subscriptions import subscription_tables, subscriptions
from crm.services.support import tickets

TODAY = date(2026, 3, 2)
FAR = datetime(2099, 1, 1, tzinfo=UTC)
IDS = range(1, 6)  # more than a test makes of one kind
WORD = "canary"  # stands in whatever must not be seen

Answers = dict[str, Any]


def of(actor: Actor) -> Answers:
    """Every list, order, filter, count, name, history and file, by what was asked."""
    with db.reading(actor) as session:
        return {name: _answer(ask) for name, ask in _asked(session, actor)}


def is_mentioned(actor: Actor) -> bool:
    """Whether any answer has the word in it: asks until one has."""
    with db.reading(actor) as session:
        asked = (_answer(ask) for _name, ask in _asked(session, actor))
        return any(WORD in answer.casefold() for answer in asked)


def mentions(answers: Answers) -> list[str]:
    """What tells of something that has the word in it."""
    return [name for name, answer in answers.items() if WORD in answer.casefold()]


def _answer(ask: Callable[[], Any]) -> str:
    try:
        return repr(ask())
    except CRMError as error:
        return f"{type(error).__name__}: {error}"


Asked = Iterator[tuple[str, Callable[[], Any]]]


def _asked(session: Session, actor: Actor) -> Asked:
    for part in (_lists, _files, _finds, _records, _counts):
        yield from part(session, actor)


def _lists(session: Session, _actor: Actor) -> Asked:
    """Each list, with all columns, sorted and filtered by each field."""
    for entity in ENTITIES:
        fields = fields_of(session, entity)
        plain = lists.Query(entity, columns=tuple(fields))
        found = lists.Query(entity, search=WORD)
        yield f"{entity}: all", lambda q=plain: lists.page(session, q, today=TODAY)
        yield f"{entity}: search", lambda q=found: _ids(session, q)
        for name, field in fields.items():
            for op in {"filled", "empty", "yes"} & set(filters.OPERATORS[field.kind]):
                rule = {"field": name, "op": op}
                query = lists.Query(entity, rule=rule)
                yield f"{entity}: {name} {op}", lambda q=query: _ids(session, q)
            if field.sort is not None:
                query = lists.Query(entity, sort=name)
                yield f"{entity}: by {name}", lambda q=query: _ids(session, q)


def _ids(session: Session, query: lists.Query) -> list[int]:
    return lists.ids(session, query, today=TODAY, limit=100)


def _files(session: Session, _actor: Actor) -> Asked:
    for entity in ENTITIES:
        query = lists.Query(entity)
        yield f"{entity}: file", lambda q=query: _file(session, q)
    for one in IDS:
        yield f"vCard {one}", lambda key=one: vcards.contact(session, key)


def _file(session: Session, query: lists.Query) -> Any:
    header, rows = exporting.table(session, query, today=TODAY)
    return header, list(rows)


def _finds(session: Session, _actor: Actor) -> Asked:
    yield "search", lambda: search.everywhere(session, WORD)
    yield "same name", lambda: duplicates.similar(session, f"{WORD} mills")
    yield (
        "same e-mail and phone",
        lambda: duplicates.similar(
            session, "x", email=f"{WORD}@example.com", phone="+49 30 123456"
        ),
    )


def _records(session: Session, actor: Actor) -> Asked:
    for one in IDS:
        yield f"timeline {one}", lambda key=one: timeline.timeline(session, key)
        yield f"orders of {one}", lambda key=one: orders.of_customer(session, key)
        yield f"invoices of {one}", lambda key=one: invoices.of_customer(session, key)
        yield f"paid of {one}", lambda key=one: payments.of_invoice(session, key)
        yield (
            f"subscriptions of {one}",
            lambda key=one: subscriptions.of_customer(session, key),
        )
        yield (
            f"opportunities of {one}",
            lambda key=one: opportunities.of_customer(session, key),
        )
        yield f"tickets of {one}", lambda key=one: tickets.of_customer(session, key)
        yield (
            f"campaigns of {one}",
            lambda key=one: recipient_lists.of_customer(session, key),
        )
        for ask in (recipient_lists.figures, recipient_lists.listed,
                    recipient_lists.page, recipient_lists.customer_ids):  # fmt: skip
            name = f"{ask.__name__} of campaign {one}"
            yield name, lambda key=one, ask=ask: ask(session, key)
        yield f"on ticket {one}", lambda key=one: timeline.of_ticket(session, key)
        yield f"quotes of {one}", lambda key=one: quotes.of_customer(session, key)
        yield f"quote {one}", lambda key=one: quotes.quote(session, key)
        yield f"moves of {one}", lambda key=one: opportunities.history(session, key)
        yield f"bought {one}", lambda key=one: orders.bought(session, key)
        yield f"purchases {one}", lambda key=one: customers.purchases(session, key)
        yield f"contacts of {one}", lambda key=one: customers.contacts(session, key)
        yield f"branches of {one}", lambda key=one: customers.branches(session, key)
    for entity in ENTITIES:
        everyone = [(entity, key) for key in IDS]
        yield f"{entity}: names", lambda these=everyone: overview.named(session, these)
        yield f"{entity}: called", lambda e=entity: naming.names(session, e, IDS)
    yield "customers' names", lambda: list_values.names(session, Kind.CUSTOMER, IDS)
    yield "contacts' names", lambda: list_values.contact_names(session, IDS)
    yield (
        "agenda",
        lambda: activities.agenda(session, actor.user_id or 0, before=FAR),
    )


def _counts(session: Session, _actor: Actor) -> Asked:
    yield "counts", lambda: overview.counts(session)
    yield (
        "subscribed",
        lambda: subscription_tables.subscribed(session, as_of=FAR.date()),
    )
    yield "open", lambda: invoices_balance.open_sums(session, on=FAR.date())
    yield "board", lambda: board.board(session, 1, at=FAR)
    yield "tags", lambda: tags.counts(session)
    yield (
        "segments",
        lambda: [
            (one.name, segments.size(session, one, today=TODAY))
            for one in segments.listed(session)
        ],
    )
    yield "stars", lambda: overview.named(session, favourites.starred(session))
    yield "seen lately", lambda: overview.named(session, favourites.recent(session))
    yield "jobs", lambda: (jobs.listed(session), jobs.counted(session))
    yield "audit", lambda: audit.operations(session, audit.Query())
    for entity in (*ENTITIES, "activity"):
        yield f"{entity}: bin", lambda e=entity: recycle_bin.listed(session, e)
        yield f"{entity}: in the bin", lambda e=entity: recycle_bin.count(session, e)
    for entity in ENTITIES:
        yield f"{entity}: views", lambda e=entity: views.listed(session, e)
        yield f"{entity}: custom", lambda e=entity: custom_fields.values(session, e, 1)

"""A record out of reach is one that does not exist, and nothing is linked to it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from crm import db
from crm.errors import NotFound, RuleBroken
from crm.models import (
    ActivityFields,
    ActivityKind,
    Actor,
    Cancellation,
    ContactFields,
    CustomerFields,
    OpportunityFields,
    PaymentFields,
    QuoteFields,
    SubscriptionFields,
    TicketFields,
    TicketStatus,
)
from crm.services import activities, records
from crm.services.admin import tokens
from crm.services.customers import contacts, customers, segments, tags
from crm.services.documents import invoices, orders, payments, quotes
from crm.services.sales import leads, opportunities
from crm.services.subscriptions import subscriptions
from crm.services.support import tickets
from crm.services.support.asking import ask as ask_many
from tests import make
from tests.api.conftest import Clients
from tests.security.endpoints import (
    FORMS,
    SAMPLES,
    SCHEMA,
    WITH_ID,
    WRITES,
    ask,
    kind_of,
)
from tests.state import fingerprint

NOBODY = 999


def seen(answer: httpx2.Response) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer, to the byte."""
    return answer.status_code, answer.content, dict(answer.headers)


SHARED = {"rates", "price-lists", "campaigns"}  # in everybody's reach
OWNED = [kind for kind in SAMPLES if kind not in SHARED]


@pytest.mark.parametrize("kind", OWNED)
@pytest.mark.slow
def test_a_foreign_record_is_answered_like_none(
    client: Clients, admin: Actor, alice: Actor, charlie: Actor, kind: str
) -> None:
    """A1: the very same id before the record is there, and after."""
    asker = asking(charlie, kind)
    if kind == "products":
        asker = narrowed(admin, without=kind)
    none = all_answers(client(asker), kind)

    assert SAMPLES[kind](alice).id == 1
    foreign = all_answers(client(asker), kind)

    assert {answer.status_code for answer in none} == {404}
    assert list(map(seen, foreign)) == list(map(seen, none))
    sees = alice if kind == "insight" else admin  # an analysis is of one's own reach
    found = all_answers(client(sees), kind)
    assert {answer.status_code for answer in found} <= {200, 201, 204, 412}


@pytest.mark.parametrize("kind", [kind for kind in OWNED if kind != "targets"])
def test_a_token_that_may_not_read_finds_nothing(
    client: Clients, admin: Actor, kind: str
) -> None:
    """A1: though it may change and delete what it cannot see."""
    token = narrowed(admin, without=kind)
    none = all_answers(client(token), kind)

    SAMPLES[kind](admin)
    hidden = all_answers(client(token), kind)

    assert {answer.status_code for answer in none} == {404}
    assert list(map(seen, hidden)) == list(map(seen, none))


def test_every_kind_of_record_is_tried() -> None:
    """A1: whoever adds an endpoint adds a sample."""
    assert {kind_of(path) for _method, path in WITH_ID} == set(SAMPLES)


def all_answers(client: TestClient, kind: str) -> list[httpx2.Response]:
    """To everything that can be asked about record 1 of a kind."""
    mine = [one for one in WITH_ID if kind_of(one[1]) == kind]
    return [ask(client, method, path) for method, path in mine]


def asking(usual: Actor, kind: str) -> Actor:
    """Who may change what there is of a kind in reach: managers say what is to come."""
    if kind not in ("targets", "forecast-overrides"):
        return usual
    return make.actor("Mona", role="manager", reach="own", team="South")


def narrowed(actor: Actor, *, without: str) -> Actor:
    """A token of `actor` for everything but reading one kind."""
    others = {"orders": "sales_order", "insight": "analysis", "jobs": "analysis",
              "opportunities": "opportunity"}  # fmt: skip
    entity = others.get(without, without.removesuffix("s"))
    scopes = frozenset(tokens.SCOPES) - {f"{entity}:read"}
    return replace(actor, kind="token", scopes=scopes)


def links() -> list[tuple[str, str]]:
    """Each field of each form that names another record, by the OpenAPI."""
    forms = SCHEMA["components"]["schemas"]
    found = []
    for path in (path for method, path in WRITES if method == "POST"):
        body = SCHEMA["paths"][path]["post"]["requestBody"]["content"]
        name = body["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for field, form in forms[name]["properties"].items():
            types = [form.get("type"), *(t.get("type") for t in form.get("anyOf", []))]
            if "integer" in types and field.endswith("_id"):
                found.append((path, field))
    return found


LINKS = links()
FOREIGN = {"customer_id": 1, "parent_id": 1, "owner_id": NOBODY, "product_id": NOBODY,
           "stage_id": NOBODY, "contact_id": 1, "opportunity_id": 1,
           "price_list_id": NOBODY, "invoice_id": 1,
           "team_id": NOBODY, "segment_id": NOBODY}  # fmt: skip
NO_CHANGES = ("orders", "payments", "forecast-overrides")  # their links stay


def test_the_links_are_those_that_we_know() -> None:
    """A3: whoever adds one adds what must not happen with it."""
    assert len(LINKS) == 28
    assert {field for _path, field in LINKS} == set(FOREIGN)


def hold_foreign(owner: Actor) -> None:
    """What `FOREIGN` names by number 1, each of `owner`; and a product."""
    theirs = make.customer(owner)
    make.contact(theirs)
    make.opportunity(theirs)
    make.invoice(make.order(theirs, (make.product(), 1, "5")))


@pytest.mark.parametrize(("path", "field"), LINKS)
def test_nothing_is_created_under_a_foreign_record(
    client: Clients, alice: Actor, charlie: Actor, path: str, field: str
) -> None:
    """A3: all else in the form is the asker's own."""
    hold_foreign(alice)
    asker = asking(charlie, kind_of(path))
    own, form = make.customer(charlie), FORMS[kind_of(path)]
    if "customer_id" in form:
        form = form | {"customer_id": own.id}
    before = fingerprint()

    body = form | {field: FOREIGN[field]}
    answer = ask(client(asker), "POST", path, body=body)

    assert answer.status_code == 404
    assert fingerprint() == before


@pytest.mark.parametrize(
    ("path", "field"), [one for one in LINKS if kind_of(one[0]) not in NO_CHANGES]
)
def test_nothing_is_moved_to_a_foreign_record(
    client: Clients, alice: Actor, charlie: Actor, path: str, field: str
) -> None:
    """A3."""
    hold_foreign(alice)
    asker = asking(charlie, kind_of(path))
    own = SAMPLES[kind_of(path)](asker)
    before = fingerprint()

    place = path + "/{record_id}"
    body = {field: FOREIGN[field]}
    answer = ask(client(asker), "PATCH", place, key=own.id, body=body)

    assert answer.status_code == 404
    assert fingerprint() == before


@pytest.mark.parametrize(("path", "field"), LINKS)
def test_who_may_only_look_links_nothing(
    client: Clients, viewer: Actor, path: str, field: str
) -> None:
    """A3: for one who lists everything and may change nothing."""
    SAMPLES["orders"](None)
    SAMPLES["contacts"](None)
    SAMPLES["subscriptions"](None)
    link = {field: viewer.user_id if field == "owner_id" else 2}
    before = fingerprint()

    kind, there = kind_of(path), client(viewer)
    answers = [ask(there, "POST", path, body=FORMS[kind] | link)]
    if kind not in NO_CHANGES:
        answers.append(ask(there, "PATCH", path + "/{record_id}", body=link))

    assert {answer.status_code for answer in answers} == {403}
    assert fingerprint() == before


CANNOT = {  # what each role may not do, from the table of rights in the user guide
    "sales": ["POST products", "PATCH products", "DELETE products"],
    "service": [
        *("DELETE customers", "DELETE contacts", "POST products", "PATCH products"),
        *("DELETE products", "POST orders", "PATCH orders"),
        *("POST leads", "PATCH leads", "DELETE leads"),
        *("POST opportunities", "PATCH opportunities", "DELETE opportunities"),
        *("POST subscriptions", "PATCH subscriptions", "DELETE subscriptions"),
        *("POST quotes", "PATCH quotes"),
    ],
    "marketing": [
        *("POST products", "PATCH products", "DELETE products"),
        *("POST orders", "PATCH orders"),
        *("POST opportunities", "PATCH opportunities", "DELETE opportunities"),
        *("POST subscriptions", "PATCH subscriptions", "DELETE subscriptions"),
        *("POST quotes", "PATCH quotes"),
    ],
    "read_only": [
        *("POST customers", "POST contacts", "POST products", "POST orders"),
        *("PATCH customers", "PATCH contacts", "PATCH products", "PATCH orders"),
        *("DELETE customers", "DELETE contacts", "DELETE products"),
        *("POST leads", "PATCH leads", "DELETE leads"),
        *("POST tickets", "PATCH tickets", "DELETE tickets"),
        *("POST opportunities", "PATCH opportunities", "DELETE opportunities"),
        *("POST subscriptions", "PATCH subscriptions", "DELETE subscriptions"),
        *("POST quotes", "PATCH quotes"),
    ],
}
SET_UP = [  # by administrators and managers alone
    *("POST rates", "PATCH rates", "DELETE rates"),
    *("POST price-lists", "PATCH price-lists", "DELETE price-lists"),
]


@pytest.mark.parametrize("role", CANNOT)
def test_a_role_does_only_what_it_is_for(
    client: Clients, database: str, role: str
) -> None:
    """A3."""
    there = client(make.actor("Rita", role=role))
    SAMPLES["orders"](None)
    SAMPLES["contacts"](None)
    SAMPLES["subscriptions"](None)
    SAMPLES["tickets"](None)
    SAMPLES["quotes"](None)
    SAMPLES["price-lists"](None)
    SAMPLES["rates"](None)
    cannot, before = CANNOT[role] + SET_UP, fingerprint()

    codes = {}
    for deed in cannot:
        method, kind = deed.split()
        place = "" if method == "POST" else "/{record_id}"
        codes[deed] = ask(there, method, f"/v1/{kind}{place}").status_code

    assert codes == dict.fromkeys(cannot, 403)
    assert fingerprint() == before


Deed = Callable[[Session], Any]
DEEDS: dict[str, Deed] = {
    "a tag is put on it": lambda s: tags.put(s, "customer", [1], ["VIP"]),
    "a tag is taken off it": lambda s: tags.take(s, "customer", [1], ["VIP"]),
    "a contact moves to it": lambda s: contacts.update(s, 2, {"customer_id": 1}),
    "a note is written to it": lambda s: activities.record(
        s, ActivityFields(subject="x", customer_id=1), at=make.NOON
    ),
    "a note on its contact": lambda s: activities.record(
        s, ActivityFields(subject="x", contact_id=1), at=make.NOON
    ),
    "a note moves to it": lambda s: activities.update(s, 2, {"customer_id": 1}),
    "a note moves to its contact": lambda s: activities.update(
        s, 2, {"contact_id": 1}
    ),
    "its note is changed": lambda s: activities.update(s, 1, {"subject": "x"}),
    "its task is done": lambda s: activities.complete(s, 1, at=make.NOON),
    "its note is deleted": lambda s: activities.remove(s, 1),
    "it gets a branch": lambda s: customers.create(
        s, CustomerFields(name="x", parent_id=1)
    ),
    "a contact is made at it": lambda s: contacts.create(
        s, ContactFields(last_name="x", customer_id=1)
    ),
    "it gets a custom value": lambda s: customers.update(s, 1, {}, custom={"size": 1}),
    "its order is cancelled": lambda s: orders.update(s, 1, {"status": "cancelled"}),
    "it is subscribed": lambda s: subscriptions.create(
        s, records.valid(SubscriptionFields, FORMS["subscriptions"])
    ),
    "its subscription is cancelled": lambda s: subscriptions.cancel(
        s, 1, Cancellation(make.NOON.date())
    ),
    "a subscription moves to it": lambda s: subscriptions.update(
        s, 2, {"customer_id": 1}
    ),
    "an opportunity is opened": lambda s: opportunities.create(
        s, OpportunityFields(name="x", customer_id=1)
    ),
    "its opportunity is moved": lambda s: opportunities.move(s, 1, 2),
    "an opportunity moves to it": lambda s: opportunities.update(
        s, 2, {"customer_id": 1}
    ),
    "a quote is written": lambda s: quotes.create(
        s, records.valid(QuoteFields, FORMS["quotes"])
    ),
    "its quote is changed": lambda s: quotes.update(s, 1, {"intro": "x"}),
    "its quote is sent": lambda s: quotes.mark_sent(s, 1, at=make.NOON),
    "its quote is accepted": lambda s: quotes.accept(s, 1, by="Jo", at=make.NOON),
    "its quote gets a version": lambda s: quotes.revise(s, 1),
    "its quote is deleted": lambda s: quotes.remove(s, 1),
    "a quote moves to it": lambda s: quotes.update(s, 2, {"customer_id": 1}),
    "its order is invoiced": lambda s: invoices.issue(s, 1, on=make.NOON.date()),
    "its invoice is credited": lambda s: invoices.credit(
        s, 1, on=make.NOON.date(), reason="x"
    ),
    "its invoice is paid": lambda s: payments.record(
        s, records.valid(PaymentFields, FORMS["payments"])
    ),
    "its payment is void": lambda s: payments.void(s, 1, "x"),
    "its lead is changed": lambda s: leads.update(s, 1, {"company": "x"}),
    "a lead is converted to it": lambda s: leads.convert(s, 2, customer_id=1),
    "it gets a ticket": lambda s: tickets.create(
        s, TicketFields(subject="x", customer_id=1)
    ),
    "a ticket of its contact": lambda s: tickets.create(
        s, TicketFields(subject="x", contact_id=1)
    ),
    "its ticket is moved": lambda s: tickets.move(s, 1, TicketStatus.SOLVED),
    "its ticket is deleted": lambda s: tickets.remove(s, 1),
    "a ticket moves to it": lambda s: tickets.update(s, 2, {"customer_id": 1}),
    "a note is written on its ticket": lambda s: activities.record(
        s, ActivityFields(subject="x", ticket_id=1), at=make.NOON
    ),
    "a note moves to its ticket": lambda s: activities.update(s, 2, {"ticket_id": 1}),
    "it is asked how things are": lambda s: ask_many(s, [1], "x", at=make.NOON),
}  # fmt: skip


@pytest.mark.slow
def test_no_service_reaches_a_foreign_customer(alice: Actor, charlie: Actor) -> None:
    """A3: what the pages can do, and the API cannot."""
    for owner in (alice, charlie):
        customer = make.customer(owner)
        make.contact(customer)
        make.activity(customer, kind=ActivityKind.TASK)
        order = make.order(customer, (make.product(), 2, "5"))
        some = {order.lines[0].id: Decimal(1)}
        make.payment(make.invoice(order, quantities=some), "1")
        make.subscription(customer)
        make.opportunity(customer)
        make.quote(customer, (make.product(), 1, "5"))
        make.lead(owner)
        make.ticket(owner, customer_id=customer.id)
        with db.transaction(owner) as session:
            tags.put(session, "customer", [customer.id], ["VIP"])
    before = fingerprint()

    done = [name for name, deed in DEEDS.items() if succeeds(charlie, deed)]

    assert done == []
    assert fingerprint() == before


def succeeds(actor: Actor, deed: Deed) -> bool:
    try:
        with db.transaction(actor) as session:
            deed(session)
    except (NotFound, RuleBroken):
        return False
    return True


def test_a_foreign_customer_joins_no_segment(alice: Actor, charlie: Actor) -> None:
    """A3."""
    foreign, own = make.customer(alice), make.customer(charlie)
    with db.transaction(charlie) as session:
        best = segments.save(session, "Best", [own.id])
    before = fingerprint()

    with db.transaction(charlie) as session:
        assert segments.add_members(session, best.id, [foreign.id]) == 0

    assert fingerprint() == before

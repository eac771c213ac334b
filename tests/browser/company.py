"""A small company for browser tests, in which a word of the test's stands everywhere.

With orders enough for every analysis, and something on every page.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlmodel import Session

from crm import db, migrations
from crm.config import ROOT, secret_key
from crm.jobs import run_here
from crm.models import (
    ActivityKind,
    Actor,
    CampaignFields,
    ContactPoint,
    Customer,
    CustomKind,
    ExchangeRate,
    ListPrice,
    Order,
    OrderLine,
    PointKind,
    PriceList,
    Product,
    QuoteStatus,
    Reason,
    Sharing,
    Tag,
    Team,
    User,
    utcnow,
)
from crm.services import analyses, jobs, views
from crm.services.admin import custom_fields, sessions, tokens
from crm.services.admin.sign_in import Visit
from crm.services.customers import customers, favourites, segments, tags
from crm.services.documents import invoices
from crm.services.imports import runs
from crm.services.marketing import campaigns, recipients
from crm.ui.navigation import SECTIONS, PageSpec
from tests import make
from tests.browser.serving import serve

CUSTOMERS, PRODUCTS = 40, 6
DAY = timedelta(days=1)
ANALYSES: dict[str, dict[str, Any]] = {
    "segmentation": {"features": ["recency", "frequency", "monetary"]},
    "association_rules": {
        "min_support": 0.02,
        "min_confidence": 0.1,
        "max_items": 3,
        "check": "none",
        "since": None,
    },
    "churn": {"horizon": 90},
    "recurring_revenue": {},
    "win_chance": {},
    "lead_score": {},
    "sales_report": {},
    "purchase": {"horizon": 30},
    "cohorts": {},
    "forecast": {},
    "alerts": {},
    "lifetime_value": {"horizon": 365, "annual_rate": 0.1},
    "sales_forecast": {},
}

Word = Callable[[int], str]  # a text of at most so many characters


def furnish(actor: Actor, word: Word) -> dict[str, int]:
    """Fill an empty database; the id of one record for each page that takes one."""
    with db.transaction(actor) as session:
        custom_fields.add(session, "customer", word(80), CustomKind.TEXT)
        custom_fields.add(
            session, "customer", "Choice", CustomKind.CHOICE, choices=[word(100)]
        )
        session.add_all([Team(name=word(80)), Tag(name=word(60))])
        session.add(User(email="b@example.com", name=word(120), role="sales"))
        ids = _trade(session, word)
    _around(actor, word, ids)
    for kind, asked in ANALYSES.items():
        with db.transaction(actor) as session:
            job = analyses.ask(session, kind, word(200), asked, as_of=utcnow().date())
        run_here(job.id)
    for kind in ("overview", "none such"):
        with db.transaction(actor) as session:
            job = jobs.ask(session, kind, word(200), {})
        run_here(job.id)
    return ids | {"import": _import(actor, word)}


def _planned(actor: Actor, word: Word, customer_id: int) -> int:
    """A campaign with a recipient."""
    form = CampaignFields(name=word(200), description=word(500))
    with db.transaction(actor) as session:
        campaign = campaigns.create(session, form)
        recipients.add(session, campaign.id, [customer_id])
        return campaign.id


def _trade(session: Session, word: Word) -> dict[str, int]:
    """Products, customers, and orders over the last two years."""
    products = [
        Product(
            sku=f"{number}{word(58)}",
            name=word(199) + str(number),
            category=word(100),
            price=Decimal(5),
        )
        for number in range(PRODUCTS)
    ]
    buyers = [
        Customer(
            name=f"{word(190)} {number}",
            city=word(100),
            sector=word(80),
            notes=word(1000),
            phone=word(40),
            website="javascript:alert(1)",
        )
        for number in range(CUSTOMERS)
    ]
    session.add_all([*products, *buyers])
    session.flush()
    made = [
        _order(buyer, number, turn, products, word)
        for number, buyer in enumerate(buyers)
        for turn in range(2 + number % 5)
    ]
    session.add_all(made)
    session.flush()
    return {"customer": buyers[0].id, "product": products[0].id, "order": made[0].id}


def _order(
    buyer: Customer, number: int, turn: int, products: list[Product], word: Word
) -> Order:
    """Two products that go together, every few weeks; some have stopped long ago."""
    ago = 20 + number * 7 + turn * (15 + number % 60)
    first = (number % 3) * 2
    lines = [
        OrderLine(
            position=position,
            product_id=product.id,
            description=word(200),
            quantity=Decimal(1 + number % 4),
            unit_price=Decimal(5),
            amount=Decimal(5 * (1 + number % 4)),
        )
        for position, product in enumerate(
            [*products[first : first + 2], products[(number + turn) % PRODUCTS]][:3], 1
        )
    ]
    return Order(
        number=f"{number}.{turn} {word(50)}",
        customer_id=buyer.id,
        ordered_at=utcnow() - ago * DAY,
        currency="EUR",
        total=sum((line.amount for line in lines), Decimal(0)),
        lines=lines,
    )


def _around(actor: Actor, word: Word, ids: dict[str, int]) -> None:
    """What hangs on a customer, what is kept for lists, what lies in the bin."""
    with db.transaction(actor, reason=Reason.EDIT, note=word(200)) as session:
        customer = db.get(session, Customer, ids["customer"])
        name = custom_fields.fields(session, "customer")[0].name
        custom_fields.store(session, "customer", customer.id, {name: word(400)})
        tags.put(session, "customer", [customer.id], [word(60)])
        session.add(
            ContactPoint(
                entity="customer",
                record_id=customer.id,
                kind=PointKind.PHONE,
                type=word(40),
                content=word(200),
            )
        )
        favourites.star(session, "customer", customer.id)
        members = [customer.id, customer.id + 1]
        segments.save(session, word(120), members, description=word(400))
        views.save(session, "customer", word(80), {"search": ""}, sharing=Sharing.ALL)
        tokens.create(session, word(80), ["customer:read"])
        customers.remove(session, customer.id + 2)
        customers.update(session, customer.id + 1, {"city": "Bonn"})
    branch = {"parent_id": customer.id, "name": word(200)}
    make.customer(actor, **branch)
    contact = make.contact(customer, last_name=word(100), role=word(80))
    ids["contact"] = contact.id
    ids["subscription"] = make.subscription(
        customer,
        number=word(60),
        name=word(200),
        product_id=ids["product"],
        cancelled_on=utcnow().date(),
        cancel_note=word(500),
        ends_on=utcnow().date() + 90 * DAY,
    ).id
    ids |= _billed(actor, word, ids["order"])
    ids["lead"] = make.lead(name=word(200), company=word(200), notes=word(500)).id
    ids["opportunity"] = make.opportunity(
        customer, name=word(200), competitor=word(120), source=word(80), notes=word(500)
    ).id
    ids["quote"] = _offered(actor, word, customer, ids)
    ids["price_list"] = _priced(word, ids["product"])
    ids["ticket"] = make.ticket(
        actor, customer_id=customer.id, subject=word(200), description=word(500)
    ).id
    ids["campaign"] = _planned(actor, word, customer.id)
    for kind in (ActivityKind.NOTE, ActivityKind.TASK):
        due = utcnow() if kind is ActivityKind.TASK else None
        make.activity(
            customer,
            kind=kind,
            subject=word(200),
            body=word(500),
            due_at=due,
            owner_id=actor.user_id,
        )


def _offered(actor: Actor, word: Word, customer: Customer, ids: dict[str, int]) -> int:
    """A quote for the opportunity, accepted."""
    with db.reading(actor) as session:
        product = db.get(session, Product, ids["product"])
    quote = make.quote(
        customer,
        (product, 2, "5"),
        opportunity_id=ids["opportunity"],
        status=QuoteStatus.ACCEPTED,
        intro=word(500),
        terms=word(500),
        sent_at=utcnow(),
        answered_at=utcnow(),
        answered_by=word(200),
        answer_note=word(500),
    )
    return int(quote.id)


def _priced(word: Word, product_id: int) -> int:
    """A price list in dollars, of which one rate is known."""
    day, worth = utcnow().date(), Decimal("0.9")
    rate = {"currency": "USD", "rate_on": day, "rate": worth, "source": word(80)}
    make.saved(ExchangeRate(**rate))
    whole = make.saved(PriceList(name=word(120), currency="USD"))
    price = {"price_list_id": whole.id, "product_id": product_id, "price": worth}
    make.saved(ListPrice(**price))
    return int(whole.id)


def _billed(actor: Actor, word: Word, order_id: int) -> dict[str, int]:
    """An invoice of an order, with a payment and a credit note."""
    today = utcnow().date()
    with db.transaction(actor) as session:
        invoice = invoices.issue(session, order_id, on=today)
        some = {invoice.lines[0].id: invoice.lines[0].quantity}
        invoices.credit(
            session, invoice.id, on=today, quantities=some, reason=word(500)
        )
    paid = make.payment(invoice, "1", reference=word(120))
    return {"invoice": invoice.id, "payment": paid.id}


def _import(actor: Actor, word: Word) -> int:
    """An import that has run, with a row that failed."""
    rows = f'Name,E-mail,City\n"{word(190)} new",a@example.com,"{word(90)}"\n,,x\n'
    file = io.BytesIO(rows.encode())
    upload = runs.upload(actor, file, word(200).replace("/", "") + ".csv")
    with db.transaction(actor) as session:
        return runs.start(session, upload, None).id


@dataclass(frozen=True)
class Company:
    """The served app: its address, one record for each page, Ada's cookie."""

    address: str
    ids: dict[str, int]
    cookie: str

    def at(self, spec: PageSpec) -> str:
        """The address of a page, of one about a record with that record."""
        if spec.slug == "start":  # the first page has no name in its address
            return f"{self.address}/"
        record = f"?id={self.ids[spec.slug]}" if spec.hidden else ""
        return f"{self.address}/{spec.slug}{record}"

    def visitor(self, browser: Browser, **options: Any) -> BrowserContext:
        """A browser window of Ada's."""
        context = browser.new_context(reduced_motion="reduce", **options)
        cookie = {"name": "crm_session", "value": self.cookie, "url": self.address}
        context.add_cookies([cookie])
        return context


@contextmanager
def opened(folder: Path, word: Word) -> Iterator[Company]:
    """A company of its own below `folder`, served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DATA_DIR", str(folder / "data"))
        patch.setenv("CRM_SECRET_KEY", "a key for tests")
        patch.setenv("CRM_WORKER", "off")
        secret_key.cache_clear()
        db.forget()
        migrations.upgrade()
        ada = make.actor("Ada", role="admin")
        ids = furnish(ada, word)
        with db.transaction(ada) as session:
            user = db.get(session, User, ada.user_id or 0)
            visit = Visit("127.0.0.1", "test")
            cookie = sessions.begin(session, user, visit, at=utcnow())
        db.engine().dispose()
        with serve(ROOT / "app.py", folder / "log") as address:
            yield Company(address, ids, cookie)
    db.forget()
    secret_key.cache_clear()


PAGES = [
    spec
    for specs in SECTIONS.values()
    for spec in specs
    if (ROOT / "pages" / spec.file).exists()
]

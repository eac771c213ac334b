"""The demo company in the database: what is planted is found there, and it adds up."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from sqlmodel import Session, SQLModel, col

from crm import db
from crm.analytics.deals import sales_book, sales_slip, win_chance
from crm.analytics.deals.sales_back_test import back_test
from crm.analytics.reasons import reasons
from crm.config import settings
from crm.demo import DemoCompany, load
from crm.demo.rows import table_of
from crm.models import (
    SYSTEM,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Opportunity,
    Order,
    OrderLine,
    Payment,
    Period,
    Product,
    Quote,
    QuoteStatus,
    Reason,
)
from crm.services.admin import company as profiles
from crm.services.documents import numbers
from crm.services.prices.pricing import totals
from crm.services.sales import forecast_calls, opportunity_tables, win_chances
from crm.services.sales.targets_about import EVERYONE
from crm.services.sales.targets_attainment import attainments
from tests import make
from tests.analytics.closed_deals import few_trees
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.slow

NOW = pd.Timestamp(TODAY)
LATELY = pd.Timestamp("2025-10-01", tz="UTC")
STAYS = {  # tables in which something is left when the company is gone
    "app_user", "log_cursor", "log_head", "operation", "pipeline", "row_change",
    "stage", "tag", "team",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(
    company: DemoCompany, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A database with the company in it, and the orders of its last months."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(template, folder / "crm.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DATA_DIR", str(folder))
        patch.setenv("CRM_SECRET_KEY", "a key for tests")
        db.forget()
        for name, write in load.parts(_lately(company)):
            with db.transaction(SYSTEM, reason=Reason.DEMO, note=name) as session:
                write(session)
        db.forget()
    yield folder / "crm.db"
    db.forget()


@pytest.fixture
def session(filled: Path, database: str) -> Iterator[Session]:
    db.forget()
    shutil.copy(filled, settings().data_dir / "crm.db")
    with db.transaction(SYSTEM) as session:
        yield session


def _lately(company: DemoCompany) -> DemoCompany:
    """Without orders of earlier months and what came back of them."""
    orders = company.orders[company.orders["ordered_at"] >= LATELY]
    known = {"", *orders["number"]}
    orders = orders[orders["returns_number"].isin(known)].reset_index(drop=True)
    lines = company.order_lines
    kept = lines[lines["order_number"].isin(orders["number"])].reset_index(drop=True)
    return replace(company, orders=orders, order_lines=kept)


def test_what_wins_more_drives_the_chances(session: Session) -> None:
    with few_trees():
        found = win_chance.evaluate(win_chances.past(session), at=NOW)

    assert found.why_not is None
    others = found.importances[found.importances["theme"] != "stage"]
    assert set(others["theme"].head(3)) == {"source", "next_step", "activity"}
    weights = found.coefficients.set_index(["feature", "level"])["coefficient"]
    assert weights["source"].idxmax() == "referral"
    assert min(weights["planned", ""], weights["activities", ""]) > 0.1
    likeliest = reasons(found.scores.iloc[0].to_dict())
    assert ("source", "referral") in {(one.theme, one.word) for one in likeliest}


def test_that_it_is_later_than_said_is_foreseen(
    session: Session, company: DemoCompany
) -> None:
    found = opportunity_tables.deals(session)
    book = sales_book.book(
        found.opportunities, found.stages, found.changes, found.estimates
    )

    past = sales_slip.outcomes(
        sales_slip.seen(book, NOW), sales_book.ended(book, NOW), NOW
    )
    rows = past.rows[past.rows["won"] & (past.rows["ahead"] >= 0)]
    slip = rows["left"] - rows["ahead"]
    tried = back_test(book, NOW, draws=500)

    # what has passed the day that was said is not among it, and so it slips less
    truth = company.truths.slips["median_days"].iloc[0]
    assert truth / 2 < slip.median() < truth
    assert tried.skipped == 0
    assert tried.judged.set_index("months").loc[1, "tried"] == 12
    assert tried.tried["held"].mean() > 0.6


def test_every_balance_is_what_is_left(session: Session) -> None:
    invoice = table_of(Invoice).c
    rows = session.execute(select(*invoice)).all()
    lines = dict(
        session.execute(_sums(InvoiceLine.invoice_id, InvoiceLine.amount)).all()
    )
    paid = dict(session.execute(_sums(Payment.invoice_id, Payment.amount)).all())
    back = dict(session.execute(_sums(invoice.credited_id, invoice.total)).all())

    for row in rows:
        assert row.net == lines[row.id]
        assert row.total == row.net + row.tax
        assert row.credited == back.get(row.id, 0)
        assert row.paid == paid.get(row.id, 0)
        left = row.total + row.credited - row.paid
        assert row.balance == (left if row.credited_id is None else 0)


def test_a_credit_note_takes_back_lines_of_its_invoice(session: Session) -> None:
    found = select(Invoice).options(selectinload(Invoice.lines))
    notes = session.scalars(
        found.where(col(Invoice.kind) == InvoiceKind.CREDIT_NOTE).limit(30)
    ).all()
    credited = [note.credited_id for note in notes]
    known = {
        one.id: one
        for one in session.scalars(found.where(col(Invoice.id).in_(credited)))
    }

    assert len(notes) == 30
    for note in notes:
        invoice = known[note.credited_id]
        kept = totals([*invoice.lines, *note.lines], note.currency)
        assert invoice.tax + note.tax == kept.tax
        places = {line.position: line for line in invoice.lines}
        for line in note.lines:
            assert line.product_id == places[line.position].product_id
            assert -line.quantity <= places[line.position].quantity


def test_some_pay_late_and_some_in_part(session: Session) -> None:
    due, left = col(Invoice.due_on), col(Invoice.balance)

    def count(*rules: Any) -> int:
        found = select(func.count()).select_from(Invoice).where(*rules)
        return session.scalar(found) or 0

    everything = count(col(Invoice.kind) == InvoiceKind.INVOICE)
    assert everything > 3_000
    assert 0.02 < count(left > 0, due < TODAY) / everything < 0.12
    assert count(left > 0, col(Invoice.paid) > 0) > 20
    assert count(left == 0) / everything > 0.7


def test_orders_and_invoices_ask_for_the_same(session: Session) -> None:
    found = (
        select(Order.total, Order.tax, Invoice.net, Invoice.tax, Order.base_total)
        .join(Order, col(Order.id) == col(Invoice.order_id))
    )  # fmt: skip
    rows = session.execute(found).all()
    amounts = select(func.sum(col(OrderLine.amount)))
    of_lines = session.scalar(amounts)

    assert {(net, tax) == (total, due) for total, due, net, tax, _base in rows} == {
        True
    }
    assert of_lines == session.scalar(select(func.sum(col(Order.total))))
    linked = select(func.count()).where(col(InvoiceLine.order_line_id).is_(None))
    assert session.scalar(linked) == 0


def test_numbers_have_no_gaps_and_go_on(session: Session) -> None:
    for kind, table in (
        ("quote", Quote),
        ("invoice", Invoice),
        ("credit_note", Invoice),
    ):
        for year in (2025, 2026):
            start = f"{numbers.PREFIX[kind]}-{year}-"
            mine = select(table.number).where(col(table.number).startswith(start))
            given = sorted(set(session.scalars(mine)))
            assert given == [f"{start}{n:05}" for n in range(1, len(given) + 1)]
            coming = numbers.next_number(session, kind, TODAY.replace(year=year))
            assert coming == f"{start}{len(given) + 1:05}"


def test_accepted_quotes_have_become_their_orders(session: Session) -> None:
    accepted = session.scalars(
        select(Quote).where(col(Quote.status) == QuoteStatus.ACCEPTED)
    ).all()
    orders = {
        one.quote_id: one
        for one in session.scalars(
            select(Order).where(col(Order.quote_id).is_not(None))
        )
    }

    assert 3 <= len(accepted) <= 40  # too few to be seen among thirty thousand
    assert set(orders) == {one.id for one in accepted}
    for quote in accepted:
        order = orders[quote.id]
        assert (order.total, order.tax) == (quote.net, quote.tax)
        assert order.opportunity_id == quote.opportunity_id


def test_everything_has_a_worth_in_the_book_currency(session: Session) -> None:
    for table, amount, worth in (
        (Opportunity, "amount", "base_amount"),
        (Quote, "net", "base_total"),
        (Order, "total", "base_total"),
        (Invoice, "net", "base_total"),
        (Payment, "amount", "base_amount"),
    ):
        c = table_of(table).c
        missing = select(func.count()).where(c[amount].is_not(None), c[worth].is_(None))
        assert session.scalar(missing) == 0, table
        foreign = select(func.count()).where(c.currency != "EUR", c.rate == Decimal(1))
        assert session.scalar(foreign) == 0
    priced = select(func.count()).where(col(Opportunity.currency).in_(["USD", "GBP"]))
    assert 50 < (session.scalar(priced) or 0) < 300


def test_targets_are_missed_or_met_by_a_little(session: Session) -> None:
    quarter = TODAY.replace(month=1, day=1)
    reached = attainments(session, Period.QUARTER, quarter, today=TODAY)

    everyone, *owners = reached
    assert len(owners) >= 6
    assert 0.7 < (everyone.pace or 0) < 1.3
    assert everyone.target == sum(one.target for one in owners)
    calls = forecast_calls.calls(
        session, EVERYONE, Period.QUARTER, quarter, today=TODAY
    )
    assert [call.is_said for call in calls.calls].count(True) == 1
    assert min(call.sum.count for call in calls.calls) > 0


def test_nothing_of_it_is_left_when_it_is_gone(session: Session) -> None:
    assert load.is_loaded(session)
    assert profiles.profile(session).name.startswith("Larkfield")

    load.wipe(session)

    left = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        if session.connection().scalar(select(func.count()).select_from(table))
    }
    assert left <= STAYS
    assert not load.is_loaded(session)


def test_what_is_ours_stays(filled: Path, database: str) -> None:
    db.forget()
    shutil.copy(filled, settings().data_dir / "crm.db")
    with db.reading(SYSTEM) as session:
        desk = session.scalars(select(Product).limit(1)).one()
    ours = make.invoice(make.order(make.customer(name="Ours"), (desk, 1, "5")))

    with db.transaction(SYSTEM) as session:
        load.wipe(session)

    with db.reading(SYSTEM) as session:
        assert session.scalars(select(Invoice.number)).all() == [ours.number]
        assert session.scalars(select(Product.id)).all() == [desk.id]
    after = make.invoice(make.order(make.customer(), (desk, 1, "5")))
    assert after.number[-5:] == f"{int(ours.number[-5:]) + 1:05}"


def _sums(of: Any, amount: Any) -> Any:
    return select(of, func.sum(amount)).group_by(of)

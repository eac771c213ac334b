"""The pages of orders, invoices and payments without a browser."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT, settings
from crm.models import (
    SYSTEM,
    Actor,
    Invoice,
    Order,
    OutgoingMail,
    Payment,
    PaymentFields,
    utcnow,
)
from crm.services import drafts, records
from crm.services.documents import invoices, orders, payments
from crm.ui.sales import invoice_booking, invoice_quantities
from crm.ui.sales.invoice_quantities import Offer
from tests import make
from tests.ui.conftest import signed_in

TODAY = utcnow().date()


def opened(app: AppTest, page: str, key: int | None = None) -> AppTest:
    if key is not None:
        app.query_params["id"] = str(key)
    app.switch_page(str(ROOT / f"pages/sales/{page}.py")).run()
    assert not app.exception
    return app


def sale(**details: Any) -> Order:
    customer = make.customer(name="Rhine Mills")
    return make.order(customer, (make.product(name="Pen"), 2, "12.5"), **details)


def all_of(kind: type[Any]) -> list[Any]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def figures(app: AppTest) -> dict[str, str]:
    return {one.label: one.value.replace("\\", "") for one in app.metric}


@pytest.mark.slow
def test_an_order_is_invoiced_on_its_page(app: AppTest) -> None:
    order = sale()
    opened(app, "order", order.id)

    app.button(key="order_invoice").click().run()
    app.button(key=f"issue_{order.id}_save").click().run()

    assert not app.exception
    (made,) = all_of(Invoice)
    assert (made.total, made.issued_on) == (25, TODAY)
    assert made.due_on == TODAY + timedelta(days=30)
    assert app.title[0].value == made.number.replace("-", "\\-")
    assert "undo_button" not in {button.key for button in app.button}


@pytest.mark.slow
def test_an_invoiced_order_is_not_cancelled_and_says_why(app: AppTest) -> None:
    order = sale()
    make.invoice(order)
    opened(app, "order", order.id)

    app.button(key="order_status").click().run()

    assert "credit its invoices first" in app.error[0].value
    assert "order_invoice" not in {button.key for button in app.button}
    assert app.dataframe[0].value["invoiced"].tolist() == [2]


@pytest.mark.slow
def test_goods_come_back_on_the_page_of_the_order(app: AppTest) -> None:
    order = sale()
    invoice = make.invoice(order)
    opened(app, "order", order.id)
    key = f"credit_{invoice.id}_{{}}".format

    app.button(key="order_credit").click().run()
    app.checkbox(key=key("back")).check().run()
    app.button(key=key("save")).click().run()
    assert "why" in app.error[0].value
    app.text_input(key=key("reason")).set_value("Broken")  # sent with the click
    app.button(key=key("save")).click().run()

    assert not app.exception
    note = all_of(Invoice)[1]
    assert (note.total, note.terms) == (-25, "Broken")
    with db.reading(SYSTEM) as session:
        assert orders.order(session, note.order_id).kind == "return"


@pytest.mark.slow
def test_a_payment_is_recorded_once_and_voided(app: AppTest) -> None:
    invoice = make.invoice(sale())
    opened(app, "invoice", invoice.id)
    key = f"pay_{invoice.id}_1_{{}}".format

    assert app.text_input(key=key("amount")).value == "25"
    app.text_input(key=key("amount")).set_value("30")  # sent with the click
    app.button(key=key("save")).click().run()

    (paid,) = all_of(Payment)
    assert (paid.amount, paid.paid_on) == (30, TODAY)
    assert figures(app)["Left to pay"] == "-€5.00"
    assert "in the customer's favour" in app.info[0].value.replace("\\", "")
    opened(app, "payment", paid.id)
    app.text_input(key="void_reason").set_value("typed twice")
    app.button(key="void_save").click().run()
    assert "typed twice" in app.info[0].value
    with db.reading(SYSTEM) as session:
        assert invoices.invoice(session, invoice.id).balance == 25


def test_what_is_no_amount_is_said_and_nothing_is_recorded(app: AppTest) -> None:
    invoice = make.invoice(sale())
    opened(app, "invoice", invoice.id)

    app.text_input(key=f"pay_{invoice.id}_1_amount").set_value("much").run()
    app.button(key=f"pay_{invoice.id}_1_save").click().run()

    assert not app.exception
    assert app.error
    assert all_of(Payment) == []


@pytest.mark.slow
def test_the_lists_show_where_invoices_stand_and_what_is_open(app: AppTest) -> None:
    make.invoice(sale(), due_on=date(2026, 3, 2))
    make.payment(make.invoice(sale(), on=TODAY, due_on=TODAY), "25")

    opened(app, "invoices")

    assert (figures(app)["Open invoices"], figures(app)["Overdue"]) == (
        "€25.00", "€25.00",
    )  # fmt: skip
    table = app.dataframe[0].value
    assert sorted(table["state"]) == ["Overdue", "Paid"]
    app.button(key="invoices_late").click().run()
    assert app.dataframe[0].value["state"].tolist() == ["Overdue"]
    opened(app, "payments")
    assert app.dataframe[0].value["amount"].tolist() == [25]


def test_a_sum_that_cannot_be_made_says_so(app: AppTest) -> None:
    for _turn in range(2):
        make.invoice(sale(currency="USD"))

    opened(app, "invoices")

    said = app.warning[0].value.replace("\\", "")
    assert said == "A sum cannot be made: 2 invoices in USD have no rate."
    assert figures(app)["Open invoices"] == "–"


@pytest.mark.slow
def test_a_customer_shows_what_is_open(app: AppTest) -> None:
    order = sale()
    make.invoice(order)
    app.query_params["id"] = str(order.customer_id)

    app.switch_page(str(ROOT / "pages/customers/customer.py")).run()

    assert not app.exception
    assert figures(app)["Open invoices"] == "€25.00"


@pytest.mark.slow
def test_who_may_only_look_is_offered_nothing(viewer: Actor) -> None:
    order = sale()
    some = {order.lines[0].id: Decimal(1)}
    invoice = make.invoice(order, quantities=some)
    paid = make.payment(invoice, "1")
    app = signed_in(viewer).run()

    seen: set[str | None] = set()
    for page, key in (
        ("order", order.id),
        ("invoice", invoice.id),
        ("payment", paid.id),
    ):
        seen |= {button.key for button in opened(app, page, key).button}

    offered = ("order_", "invoice_credit", "pay_", "send_", "void_")
    assert [key for key in seen if key and key.startswith(offered)] == []


@pytest.mark.slow
def test_an_order_is_written_by_hand_and_what_was_typed_survives(
    app: AppTest, admin: Actor
) -> None:
    customer = make.customer(name="Rhine Mills")
    make.product(name="Pen", price=Decimal("2.5"))
    opened(app, "orders")

    app.text_input(key="order_new_word").set_value("Rhine").run()
    app.button(key="order_new_begin").click().run()
    app.text_input(key="order_new_word").set_value("pen").run()
    app.text_input(key="order_new_quantity").set_value("4")  # sent with the click
    app.button(key="order_new_add").click().run()

    assert not app.exception
    with db.reading(admin) as session:
        kept = drafts.load(session, "order_new") or {}
    assert (kept["customer_id"], len(kept["lines"])) == (customer.id, 1)
    app.button(key="order_new_save").click().run()
    (made,) = all_of(Order)
    assert (made.total, made.customer_id) == (10, customer.id)
    with db.reading(admin) as session:
        assert drafts.load(session, "order_new") is None


def test_a_second_click_on_the_same_button_pays_nothing_more(admin: Actor) -> None:
    invoice = make.invoice(sale())
    form = records.valid(PaymentFields, {"invoice_id": invoice.id, "amount": "5"})

    for _click in range(2):
        with db.transaction(admin) as session:
            made = invoice_booking.once(
                session, Payment, "pay:1:1", payments.record, (form,), {}
            )

    assert [one.id for one in all_of(Payment)] == [made.id]


@pytest.mark.slow
def test_an_invoice_is_sent_by_mail_with_its_pdf(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_SMTP_URL", "smtp://127.0.0.1")
    monkeypatch.setenv("CRM_MAIL_FROM", "us@example.com")
    settings.cache_clear()
    invoice = make.invoice(sale())
    app = opened(signed_in(admin).run(), "invoice", invoice.id)
    key = f"send_{invoice.id}_{{}}".format

    app.text_input(key=key("to")).set_value("jo@example.com")  # sent with the click
    app.button(key=key("save")).click().run()

    assert not app.exception
    assert not app.error
    (sent,) = all_of(OutgoingMail)
    assert (sent.to_address, sent.invoice_id) == ("jo@example.com", invoice.id)
    assert sent.subject.startswith("Invoice INV-2026-00001")
    assert sent.attachment_name == "INV-2026-00001.pdf"
    assert sent.attachment.startswith(b"%PDF")


def test_what_is_typed_into_the_table_stays_exact() -> None:
    offered = [Offer(1, "Pen", Decimal("0.3333")), Offer(2, "Ink", Decimal(3))]

    assert invoice_quantities.read(offered, [0.3333, 0.1]) == {
        1: Decimal("0.3333"),
        2: Decimal("0.1"),
    }
    assert invoice_quantities.read(offered, [float("nan"), 3.0]) == {
        1: Decimal(0),
        2: Decimal(3),
    }


@pytest.mark.slow
def test_money_paid_back_is_called_that(app: AppTest) -> None:
    invoice = make.invoice(sale())
    make.payment(invoice, "25")
    back = make.payment(invoice, "-5")

    opened(app, "payment", back.id)

    badges = [one.value for one in app.markdown if "Paid back" in one.value]
    assert len(badges) == 1
    assert not [one for one in app.markdown if "Received" in one.value]


def test_an_order_shows_its_total_with_tax(app: AppTest) -> None:
    order = sale(tax=Decimal("4.75"))

    opened(app, "order", order.id)

    assert figures(app)["Total with tax"] == "€29.75"

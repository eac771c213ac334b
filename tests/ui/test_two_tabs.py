"""Two tabs on one invoice or order: what the other has booked is told, not repeated."""

from decimal import Decimal
from typing import Any

from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, Invoice, InvoiceKind, Order, Payment
from crm.services.documents import invoices
from tests import make
from tests.ui.conftest import signed_in


def sale() -> Order:
    """Ten pens at 10, and five inks at 20."""
    lines = (make.product(name="Pen"), 10, "10"), (make.product(name="Ink"), 5, "20")
    return make.order(make.customer(), *lines)


def tab(actor: Actor, page: str, record_id: int) -> AppTest:
    app = signed_in(actor).run()
    app.query_params["id"] = str(record_id)
    return app.switch_page(str(ROOT / f"pages/sales/{page}.py")).run()


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(one.value for one in (*app.warning, *app.error)).replace("\\", "")


def all_of(kind: type[Any]) -> list[Any]:
    with db.reading(SYSTEM) as session:
        return list(session.exec(select(kind).order_by(kind.id)).all())


def paid() -> list[Decimal]:
    return [one.amount for one in all_of(Payment)]


def test_the_same_part_from_two_tabs_is_told_to_the_second(admin: Actor) -> None:
    invoice = make.invoice(sale())
    one, other = (tab(admin, "invoice", invoice.id) for _ in range(2))
    key = f"pay_{invoice.id}_1_{{}}".format
    for app in (one, other):
        app.text_input(key("amount")).input("50")
    one.button(key("save")).click().run()

    other.button(key("save")).click().run()

    assert "Something else was booked meanwhile: 150 EUR is left to pay now" in said(
        other
    )
    assert paid() == [50]
    assert other.text_input(key("amount")).value == "50"
    other.button(key("save")).click().run()  # having been told
    assert paid() == [50, 50]


def test_a_part_that_is_typed_into_a_stale_tab_stays(admin: Actor) -> None:
    invoice = make.invoice(sale())
    app = tab(admin, "invoice", invoice.id)
    key = f"pay_{invoice.id}_1_{{}}".format
    make.payment(invoice, "120")

    app.text_input(key("amount")).input("50").run()

    assert "Something else was booked meanwhile: €80.00 is left to pay" in said(app)
    assert app.text_input(key("amount")).value == "50"
    app.button(key("save")).click().run()
    assert paid() == [120, 50]
    with db.reading(SYSTEM) as session:
        assert invoices.invoice(session, invoice.id).balance == 30


def test_what_nobody_has_typed_is_what_is_left_now(admin: Actor) -> None:
    invoice = make.invoice(sale())
    app = tab(admin, "invoice", invoice.id)
    key = f"pay_{invoice.id}_1_{{}}".format
    make.payment(invoice, "120")

    app.button(key("save")).click().run()

    assert "80 EUR is left to pay now" in said(app)
    assert paid() == [120]
    assert app.text_input(key("amount")).value == "80"
    app.button(key("save")).click().run()
    assert paid() == [120, 80]
    assert said(app) == ""


def test_a_form_that_is_opened_again_tells_of_nothing(admin: Actor) -> None:
    invoice = make.invoice(sale())
    app = tab(admin, "invoice", invoice.id)
    app.switch_page(str(ROOT / "pages/sales/invoices.py")).run()
    make.payment(invoice, "120")

    app.query_params["id"] = str(invoice.id)
    app.switch_page(str(ROOT / "pages/sales/invoice.py")).run()

    assert said(app) == ""
    assert app.text_input(f"pay_{invoice.id}_2_amount").value == "80"


def typed(app: AppTest, key: str, row: int, quantity: float) -> None:
    """A quantity typed into the table of a drawer; it is sent with the next run."""
    app.session_state[key] = {"edited_rows": {row: {"quantity": quantity}}}


def test_two_tabs_invoice_no_more_than_was_seen(admin: Actor) -> None:
    order = sale()
    pens, _inks = order.lines
    app = tab(admin, "order", order.id)
    app.button("order_invoice").click().run()
    lines = f"issue_{order.id}_lines"
    make.invoice(order, quantities={pens.id: Decimal(4)})

    typed(app, f"{lines}_0", 0, 3)
    app.button(f"issue_{order.id}_save").click().run()

    assert "Something else was booked meanwhile" in said(app)
    assert len(all_of(Invoice)) == 1
    table = app.get("data_editor")[0].value
    assert table["left"].tolist() == [6, 5]
    assert table["quantity"].tolist() == [3, 5]  # what was typed stays
    app.button(f"issue_{order.id}_save").click().run()
    made = all_of(Invoice)[1]
    assert made.total == 3 * 10 + 5 * 20


def test_two_tabs_credit_no_more_than_was_seen(admin: Actor) -> None:
    invoice = make.invoice(sale())
    pens, inks = invoice.lines
    app = tab(admin, "invoice", invoice.id)
    app.button("invoice_credit").click().run()
    key = f"credit_{invoice.id}_{{}}".format
    app.text_input(key("reason")).input("Broken").run()
    with db.transaction(admin) as session:
        invoices.credit(
            session,
            invoice.id,
            on=make.NOON.date(),
            reason="Late",
            quantities={inks.id: Decimal(5), pens.id: Decimal(2)},
        )

    typed(app, f"{key('lines')}_0", 0, 9)
    app.button(key("save")).click().run()

    assert "Something else was booked meanwhile" in said(app)
    notes = [one for one in all_of(Invoice) if one.kind is InvoiceKind.CREDIT_NOTE]
    assert len(notes) == 1
    table = app.get("data_editor")[0].value
    assert table["left"].tolist() == [8]
    assert table["quantity"].tolist() == [8]  # nine are not left
    assert app.text_input(key("reason")).value == "Broken"
    app.button(key("save")).click().run()
    assert all_of(Invoice)[-1].total == -80

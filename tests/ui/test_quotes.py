"""Quotes on their pages: written line by line, sent, answered, ordered."""

import re
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import (
    SYSTEM,
    Actor,
    MailState,
    OpportunityLine,
    Quote,
    QuoteStatus,
    utcnow,
)
from crm.services.documents import quotes, quotes_records
from crm.services.mail import mail
from crm.services.sales import opportunities
from tests import make
from tests.ui.conftest import signed_in

PAGE = "pages/sales/quote.py"
TODAY = utcnow().date()


def at(app: AppTest, page: str = PAGE, **query: Any) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = str(value)
    app.switch_page(str(ROOT / page)).run()
    assert not app.exception
    return app


def read(row: Quote) -> Quote:
    with db.reading(SYSTEM) as session:
        return quotes.quote(session, row.id)


def shown(app: AppTest) -> str:
    """All the words on the page."""
    parts = [*app.caption, *app.markdown, *app.text, *app.error, *app.warning]
    return "\n".join(str(one.value) for one in parts).replace("\\", "")


def made(status: str = "draft", **details: Any) -> Quote:
    customer = make.customer(name="Rhine Mills")
    pen = make.product(name="Pen", price=Decimal(10))
    given = {"number": "Q-7", "status": QuoteStatus(status), "issued_on": TODAY}
    if status != "draft":
        given["sent_at"] = utcnow()
    return make.quote(customer, (pen, 2, "9.99"), **given | details)


def typed(app: AppTest, form: str, cells: dict[Any, Any], turn: int = 1) -> AppTest:
    """What a browser sends when somebody writes into the table of lines."""
    app.session_state[f"{form}_grid_{turn}"] = {
        "edited_rows": cells,
        "added_rows": [],
        "deleted_rows": [],
    }
    return app.run()


def test_a_quote_shows_what_it_says(app: AppTest) -> None:
    row = made("sent", intro="Dear all,", terms="30 days net")

    at(app, id=row.id)

    assert app.title[0].value == "Q-7".replace("-", "\\-")
    table = app.dataframe[0].value
    assert table[["name", "quantity", "amount"]].values.tolist() == [["Pen", 2, 19.98]]
    words = shown(app)
    for each in ("Dear all,", "30 days net", "Total without tax", "€19.98"):
        assert each in words
    assert "Sent" in words


@pytest.mark.slow
def test_every_run_names_what_the_menus_begin_with(app: AppTest) -> None:
    """A browser that missed the first run would send them back empty."""
    deal = make.opportunity(make.customer())
    at(app, opportunity=deal.id)

    app.run()

    form = f"quote_new_{deal.customer_id}_{deal.id}"
    for name in ("opportunity_id", "language", "owner_id"):
        menu = app.selectbox(f"{form}_{name}")
        assert menu.proto.HasField("default"), name
        assert menu.options[menu.proto.default] == menu.format_func(menu.value)


def test_a_quote_is_written_for_an_opportunity_with_its_lines(app: AppTest) -> None:
    customer, pen = make.customer(), make.product(name="Pen")
    deal = make.opportunity(customer, currency="USD")
    make.saved(
        OpportunityLine(
            opportunity_id=deal.id, position=1, product_id=pen.id, quantity=3,
            unit_price=5, amount=15,
        )
    )  # fmt: skip
    at(app, opportunity=deal.id)
    form = f"quote_new_{customer.id}_{deal.id}"

    typed(app, form, {0: {"unit_price": 4.5}})
    assert "$13.50" in shown(app)
    app.button(key=f"{form}_save").click().run()

    assert not app.exception
    with db.reading(SYSTEM) as session:
        (row,) = quotes.of_opportunity(session, deal.id)
    assert (row.currency, row.total, row.customer_id) == ("USD", 13.5, customer.id)
    assert app.title[0].value == row.number.replace("-", "\\-")


@pytest.mark.slow
def test_a_product_is_searched_and_added_with_its_usual_price(app: AppTest) -> None:
    customer = make.customer()
    make.product(name="Pen", price=Decimal("2.5"), tax_rate=Decimal("0.19"))
    make.product(name="Ink", price=Decimal(7))
    make.product(name="Penholder, old", active=False)
    at(app, customer=customer.id)
    form = f"quote_new_{customer.id}_"

    app.text_input(key=f"{form}_word").set_value("pen").run()
    (found,) = app.selectbox(key=f"{form}_product_pen").options
    assert found.startswith("Pen · ")
    app.text_input(key=f"{form}_quantity").set_value("4")  # sent with the click
    app.button(key=f"{form}_add").click().run()

    assert not app.exception
    assert app.text_input(key=f"{form}_word").value == ""
    line = app.data_editor[0].value.iloc[0]
    assert (line["quantity"], line["unit_price"], line["tax_rate"]) == (4, 2.5, 19)
    assert line["amount"] == 10
    assert "€11.90" in shown(app)


@pytest.mark.slow
def test_what_was_typed_survives_a_restart(admin: Actor) -> None:
    row = made()
    app = at(signed_in(admin).run(), id=row.id, edit=1)
    app.text_area(key=f"quote_{row.id}_intro").set_value("Dear all,").run()
    typed(app, f"quote_{row.id}", {0: {"quantity": 5, "discount": 10}})
    app.text_area(key=f"quote_{row.id}_terms").set_value("Net cash").run()

    again = at(signed_in(admin).run(), id=row.id, edit=1)

    assert again.text_area(key=f"quote_{row.id}_intro").value == "Dear all,"
    assert again.data_editor[0].value.iloc[0]["quantity"] == 5
    assert "is here again" in shown(again)
    again.button(key=f"quote_{row.id}_save").click().run()
    assert not again.exception
    assert (read(row).intro, read(row).net) == ("Dear all,", Decimal("44.96"))
    assert read(row).lines[0].discount == Decimal("0.1")
    fresh = at(signed_in(admin).run(), id=row.id, edit=1)
    assert "is here again" not in shown(fresh)


def test_a_forged_table_reaches_nothing_but_its_cells(app: AppTest) -> None:
    row = made()
    other = make.product()
    at(app, id=row.id, edit=1)
    form = f"quote_{row.id}"

    forged = {"product": other.name, "amount": 0.01, "quantity": 3}
    typed(app, form, {0: forged})
    app.button(key=f"{form}_save").click().run()

    assert not app.exception
    (line,) = read(row).lines
    assert (line.product_id, line.quantity) == (row.lines[0].product_id, 3)
    assert line.amount == Decimal("29.97")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"quantity": -1}, "Line 1: The quantity of a line is above zero."),
        ({"quantity": "many"}, "Line 1: “Quantity” is not a number."),
        ({"quantity": float("inf")}, "Line 1: “Quantity”"),
        ({"discount": 101}, "Line 1: “Discount %” does not fit."),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_told_and_not_saved(
    app: AppTest, cells: dict[str, Any], words: str
) -> None:
    row = made()
    at(app, id=row.id, edit=1)

    typed(app, f"quote_{row.id}", {0: cells})
    assert words in shown(app)
    app.button(key=f"quote_{row.id}_save").click().run()

    assert not app.exception
    assert app.error
    assert (read(row).version, read(row).net) == (1, Decimal("19.98"))


def test_an_empty_price_is_the_usual_one(app: AppTest) -> None:
    row = made()
    at(app, id=row.id, edit=1)

    typed(app, f"quote_{row.id}", {0: {"unit_price": None}})

    assert "€20.00" in shown(app)


@pytest.mark.slow
def test_a_ticked_line_goes_and_the_others_stay_as_typed(app: AppTest) -> None:
    pens = [make.product(name=f"Pen {n}") for n in range(3)]
    row = make.quote(make.customer(), *((pen, 1, "5") for pen in pens))
    at(app, id=row.id, edit=1)
    form = f"quote_{row.id}"

    typed(app, form, {2: {"quantity": 4}})
    typed(app, form, {2: {"quantity": 4}, 0: {"remove": True}})

    table = app.data_editor[0].value
    assert table["quantity"].tolist() == [1, 4]
    assert "€25.00" in shown(app)
    app.button(key=f"{form}_save").click().run()
    assert [line.product_id for line in read(row).lines] == [p.id for p in pens[1:]]


@pytest.mark.slow
def test_whoever_saves_over_another_is_told_first(app: AppTest, bob: Actor) -> None:
    row = made()
    at(app, id=row.id, edit=1)
    app.text_area(key=f"quote_{row.id}_terms").set_value("Mine").run()
    with db.transaction(SYSTEM) as session:
        quotes.update(session, row.id, {"terms": "Theirs"})

    app.button(key=f"quote_{row.id}_save").click().run()
    assert read(row).terms == "Theirs"
    assert "has changed" in shown(app)
    app.button(key=f"quote_{row.id}_save").click().run()

    assert read(row).terms == "Mine"


def test_a_draft_is_marked_as_sent(app: AppTest) -> None:
    row = made()
    at(app, id=row.id)

    app.button(key="quote_sent").click().run()

    assert not app.exception
    assert read(row).status is QuoteStatus.SENT
    assert "/offer/" in app.code[0].value
    assert "quote_edit" not in {button.key for button in app.button}


@pytest.mark.slow
def test_it_goes_out_by_mail(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "is_set_up", lambda: True)
    contact = make.contact(email="weber@example.com")
    row = made(contact_id=contact.id)
    at(app, id=row.id)

    app.button(key="quote_mail").click().run()
    key = f"quote_mail_{row.id}_1_{{}}".format
    assert app.text_input(key=key("to")).value == "weber@example.com"
    app.text_input(key=key("to")).set_value("jo@example.com").run()
    app.button(key=key("send")).click().run()

    assert not app.exception
    assert read(row).status is QuoteStatus.SENT
    with db.reading(SYSTEM) as session:
        (one,) = mail.listed(session, quote_id=row.id)
    assert (one.to_address, one.state) == ("jo@example.com", MailState.QUEUED)


def test_without_mail_the_dialog_says_what_to_do(app: AppTest) -> None:
    row = made()
    at(app, id=row.id)

    app.button(key="quote_mail").click().run()

    assert "Mail is not set up here" in shown(app)
    assert app.button(key=f"quote_mail_{row.id}_1_send").disabled


@pytest.mark.slow
def test_it_is_accepted_by_hand_and_ordered_and_its_deal_won(app: AppTest) -> None:
    customer = make.customer()
    deal = make.opportunity(customer)
    pen = make.product()
    row = make.quote(
        customer, (pen, 2, "5"), status=QuoteStatus.SENT, opportunity_id=deal.id
    )
    at(app, id=row.id)

    app.text_input(key=f"quote_check_{row.id}_1_by").set_value("Jo Weber")
    app.button(key=f"quote_check_{row.id}_1_save").click().run()
    assert read(row).answered_by == "Jo Weber"
    app.button(key="quote_won").click().run()
    won = make.stages()["Won"]
    app.button(key=f"outcome_{deal.id}_{won.id}_save").click().run()
    with db.reading(SYSTEM) as session:
        assert opportunities.opportunity(session, deal.id).state == "won"
    app.button(key="quote_order").click().run()

    assert not app.exception
    with db.reading(SYSTEM) as session:
        order = quotes_records.order_of(session, row)
    assert order is not None
    assert order.total == 10


@pytest.mark.slow
def test_a_new_version_shows_what_it_changes(app: AppTest) -> None:
    first = made("sent")
    with db.transaction(SYSTEM) as session:
        second = quotes.revise(session, first.id)
        line = {"product_id": first.lines[0].product_id, "unit_price": "8"}
        quotes.update(session, second.id, {"lines": [line]})

    at(app, id=second.id)

    words = shown(app)
    assert re.search(r"Pen · SKU-\d+ · Quantity: 2 → 1", words)
    assert "Total: €19.98 → €8.00" in words


def test_a_lapsed_quote_says_so_and_offers_a_new_version(app: AppTest) -> None:
    row = made("sent", valid_until=TODAY.replace(year=2020))
    row_at = at(app, id=row.id)

    assert "Lapsed" in shown(row_at)
    keys = {button.key for button in app.button}
    assert "quote_revise" in keys
    assert f"quote_check_{row.id}_1_save" not in keys


@pytest.mark.slow
def test_who_only_reads_is_offered_the_paper_alone(viewer: Actor) -> None:
    sent, draft = made("sent"), made(number="Q-8")

    for row in (sent, draft):
        app = at(signed_in(viewer).run(), id=row.id)
        assert not {str(b.key) for b in app.button if str(b.key).startswith("quote_")}
        assert not app.code
    edited = at(signed_in(viewer).run(), id=draft.id, edit=1)
    assert not edited.data_editor


def test_who_may_not_write_is_told_in_words(viewer: Actor) -> None:
    app = at(signed_in(viewer).run(), customer=make.customer().id)

    assert "right" in app.error[0].value


def test_the_list_shows_them(app: AppTest) -> None:
    made("sent", valid_until=TODAY.replace(year=2020))

    at(app, "pages/sales/quotes.py")

    table = app.dataframe[0].value
    assert table["number"].tolist() == ["Q-7"]
    assert table["customer_id"].tolist() == ["Rhine Mills"]
    assert table["status"].tolist() == ["Lapsed"]


@pytest.mark.slow
def test_a_customer_and_a_deal_show_their_quotes(app: AppTest) -> None:
    customer = make.customer()
    deal = make.opportunity(customer)
    row = make.quote(customer, (make.product(), 1, "5"), opportunity_id=deal.id)

    for page, key in (
        ("pages/customers/customer.py", customer.id),
        ("pages/sales/opportunity.py", deal.id),
    ):
        at(app, page, id=key)
        labels = [str(one.label).replace("\\", "") for one in app.get("page_link")]
        assert row.number in labels
        assert "Version 1 · €5.00" in shown(app)
        assert "quote_new" in {button.key for button in app.button}

"""The page for currencies without a browser."""

from datetime import date
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, ExchangeRate, Job, Order
from crm.services.money import exchange_rates
from crm.ui.admin import rates_view
from tests import make
from tests.ui.conftest import signed_in

ECB = (
    b"Date,USD,JPY,\n2026-03-03,1.0844,169.5,\n2026-03-02,1.25,N/A,\n2026-03-01,x,1,\n"
)


def opened(app: AppTest) -> AppTest:
    app.switch_page(str(ROOT / "pages/admin/currencies.py")).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = ("markdown", "caption", "warning", "info", "error")
    elements = [one for kind in kinds for one in app.get(kind)]
    return "\n".join(str(one.value) for one in elements).replace("\\", "")


def of_day(actor: Actor, currency: str, day: str) -> ExchangeRate | None:
    with db.reading(actor) as session:
        return exchange_rates.of_day(session, currency, date.fromisoformat(day))


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button if button.key}


def test_the_empty_page_says_why(app: AppTest) -> None:
    opened(app)

    assert "Everything is in EUR." in said(app)
    assert "There is no rate of USD yet." in said(app)


def test_a_rate_is_entered_the_other_way_round_and_given_to_documents(
    app: AppTest, admin: Actor
) -> None:
    order = make.order(make.customer(), (make.product(), 1, "10"), currency="USD")
    opened(app)
    assert "1 document in USD waits for a rate" in said(app)

    app.date_input(key="rate_USD_day").set_value(date(2026, 2, 1)).run()
    app.segmented_control(key="rate_USD_way").set_value("units").run()
    app.text_input(key="rate_USD_figure").set_value("1.25").run()
    assert "1 USD = 0.80 EUR · 1 EUR = 1.25 USD" in said(app)
    app.button(key="rate_USD_save").click().run()

    assert not app.exception
    rate = of_day(admin, "USD", "2026-02-01")
    assert rate is not None
    assert rate.rate == Decimal("0.8")
    app.button(key="rates_fill_USD").click().run()
    assert not app.exception
    with db.reading(admin) as session:
        assert db.get(session, Order, order.id).base_total == 8
    assert "rates_fill_USD" not in keys(app)
    assert app.dataframe[0].value["rate"].tolist() == ["1 USD = 0.80 EUR"]


@pytest.mark.slow
def test_a_rate_that_is_there_is_changed_or_deleted(app: AppTest, admin: Actor) -> None:
    make.rate("USD", "2026-03-01", "0.9")
    opened(app)

    app.date_input(key="rate_USD_day").set_value(date(2026, 3, 1)).run()
    assert "it is 1 USD = 0.90 EUR so far" in said(app)
    app.text_input(key="rate_USD_figure").set_value("0").run()
    assert app.button(key="rate_USD_save").disabled
    app.text_input(key="rate_USD_figure").set_value("0.9").run()
    app.text_input(key="rate_USD_figure").set_value("0.95")  # sent with the click
    app.button(key="rate_USD_save").click().run()
    changed = of_day(admin, "USD", "2026-03-01")
    assert changed is not None
    assert (changed.rate, changed.version) == (Decimal("0.95"), 2)

    app.button(key="rate_USD_drop").click().run()

    assert not app.exception
    assert of_day(admin, "USD", "2026-03-01") is None


@pytest.mark.slow
def test_a_file_is_looked_at_before_it_comes_in(app: AppTest, admin: Actor) -> None:
    make.rate("USD", "2026-03-02", "0.7")
    opened(app)

    app.get("file_uploader")[0].set_value(("ecb.csv", ECB, "text/csv")).run()

    assert not app.exception
    assert app.multiselect[0].value == ["USD"]  # JPY is not in use
    assert "New: 1. Another rate of that day: 1. There already: 0." in said(app)
    assert app.dataframe[-1].value["cell"].tolist() == ["x"]
    (box,) = [one for one in app.checkbox if "Replace" in one.label]
    box.check().run()
    app.button(key="rates_bring_in").click().run()
    assert not app.exception
    for day, rate in (("02", "0.8"), ("03", "0.9221689414")):
        found = of_day(admin, "USD", f"2026-03-{day}")
        assert found is not None
        assert (found.rate, found.source) == (Decimal(rate), "ecb.csv")
    assert of_day(admin, "JPY", "2026-03-03") is None


def test_a_file_that_is_no_table_is_refused_in_words(app: AppTest) -> None:
    opened(app)

    app.get("file_uploader")[0].set_value(("a.csv", b"\xff\xfe", "text/csv")).run()

    assert not app.exception
    assert "not text in UTF-8" in said(app)


@pytest.mark.slow
def test_very_many_documents_are_left_to_a_job(
    app: AppTest, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.order(make.customer(), currency="USD")
    make.rate("USD", "2026-01-01", "0.9")
    monkeypatch.setattr(rates_view, "AT_ONCE", 0)

    opened(app).button(key="rates_fill_USD").click().run()

    assert not app.exception
    with db.reading(admin) as session:
        job = db.get(session, Job, 1)
    assert (job.kind, job.arguments) == ("rate_gaps", {"currency": "USD"})


@pytest.mark.slow
def test_others_look_and_are_offered_nothing(alice: Actor) -> None:
    make.order(make.customer(alice), currency="USD")
    make.rate("USD", "2026-01-01", "0.9")

    app = opened(signed_in(alice).run())

    offered = {key for key in keys(app) if key.startswith(("rate_", "rates_"))}
    assert offered == set()
    assert not app.get("file_uploader")
    assert app.dataframe[0].value["without"].tolist() == [1]

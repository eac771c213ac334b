"""Quotes as drafts: prices and taxes filled in, sums that a reader can follow."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Forbidden, Invalid, NotFound, RuleBroken, Stale
from crm.models import SYSTEM, Actor, ExchangeRate, Opportunity, QuoteStatus
from crm.services import lists
from crm.services.admin import company
from crm.services.admin.company import CompanyFields
from crm.services.documents import quotes
from tests import make
from tests.services.offers import (
    AT,
    ON,
    changed,
    line,
    price_list,
    read,
    sent,
    written,
)


def settle(**fields: Any) -> None:
    with db.transaction(SYSTEM) as session:
        company.save(session, CompanyFields(name="Elbe Works", **fields))


def amounts(row: Any) -> list[Decimal]:
    return [one.amount for one in read(row).lines]


@pytest.mark.slow
def test_a_quote_says_what_its_lines_come_to(alice: Actor) -> None:
    pen, ink = make.product(), make.product()

    made = written(
        alice,
        make.customer(alice),
        line(pen, 3, unit_price="9.99", discount="0.1", tax_rate="0.19"),
        line(ink, "0.5", unit_price="4", tax_rate="0.07", description="Blue"),
    )

    found = read(made)
    assert amounts(made) == [Decimal("26.97"), 2]  # 26.973 as it is printed
    assert found.net == Decimal("28.97")
    assert found.tax == Decimal("5.26")  # 5.12 (of 5.1243) and 0.14
    assert found.total == Decimal("34.23")
    assert [one.description for one in found.lines] == [None, "Blue"]
    assert (found.number, found.revision) == ("Q-2026-00001", 1)
    assert (found.status, found.owner_id) == (QuoteStatus.DRAFT, alice.user_id)


def test_what_is_left_open_follows_from_the_company(alice: Actor) -> None:
    settle(tax_rate="0.2", quote_days=10, quote_terms="30 days net")
    own = make.product(price=Decimal(5), tax_rate=Decimal("0.07"))
    usual = make.product(price=Decimal(7))

    made = read(written(alice, make.customer(alice), line(own), line(usual)))

    assert [(x.unit_price, x.tax_rate) for x in made.lines] == [
        (5, Decimal("0.07")),
        (7, Decimal("0.2")),
    ]
    assert made.valid_until == ON + timedelta(days=10)
    assert made.terms == "30 days net"


def test_what_is_left_empty_stays_empty(alice: Actor) -> None:
    settle(quote_days=10, quote_terms="30 days net")

    made = read(written(alice, make.customer(alice), valid_until=None, terms=None))

    assert (made.valid_until, made.terms) == (None, None)


def test_the_contact_says_in_which_language(alice: Actor) -> None:
    customer = make.customer(alice)
    contact = make.contact(customer, language="zh-CN")

    assert written(alice, customer, contact_id=contact.id).language == "zh_CN"


def test_the_price_list_counts_from_the_largest_quantity_reached(alice: Actor) -> None:
    pen = make.product(price=Decimal(10))
    trade = price_list((pen, "1", "9"), (pen, "10", "8"), (pen, "100", "7"))

    made = written(
        alice,
        make.customer(alice),
        *(line(pen, quantity) for quantity in ("0.5", 1, "9.9999", 10, 5000)),
        price_list_id=trade.id,
    )

    assert [one.unit_price for one in read(made).lines] == [10, 9, 9, 8, 7]


def test_in_another_currency_only_a_list_knows_prices(alice: Actor) -> None:
    customer, pen = make.customer(alice), make.product(price=Decimal(10))
    dollars = price_list((pen, "1", "12"), currency="USD")

    made = written(alice, customer, line(pen), price_list_id=dollars.id)

    assert (read(made).currency, amounts(made)) == ("USD", [12])
    with pytest.raises(Invalid, match="no price in USD") as told:
        written(alice, customer, line(pen), currency="USD")
    assert told.value.field == "lines.0.unit_price"


@pytest.mark.parametrize(
    "fields",
    [{"currency": "USD"}, {"issued_on": "2026-01-01"}, {"issued_on": "2027-01-01"}],
    ids=str,
)
def test_a_price_list_that_does_not_hold_is_refused(
    alice: Actor, fields: dict[str, Any]
) -> None:
    year = {"valid_from": date(2026, 1, 2), "valid_until": date(2026, 12, 31)}
    trade = price_list(**year)

    with pytest.raises(Invalid, match="Trade"):
        written(alice, make.customer(alice), price_list_id=trade.id, **fields)


def test_yen_have_no_decimals(alice: Actor) -> None:
    pen = make.product()

    made = read(
        written(
            alice,
            make.customer(alice),
            line(pen, 3, unit_price="33.5", tax_rate="0.1"),
            line(pen, 1, unit_price="0.4"),
            currency="jpy",
        )
    )

    assert amounts(made) == [101, 0]  # 100.5 and 0.4
    assert (made.net, made.tax, made.total) == (101, 10, 111)  # 10.1 of tax


def test_a_discount_of_all_of_it_leaves_nothing_to_pay(alice: Actor) -> None:
    free = line(make.product(), 7, unit_price="3.33", discount="1", tax_rate="0.19")

    made = read(written(alice, make.customer(alice), free))

    assert (made.net, made.tax, made.total) == (0, 0, 0)


def test_the_rate_is_that_of_its_date(alice: Actor) -> None:
    for day, rate in ((date(2026, 1, 1), "0.5"), (ON, "0.9"), (date(2026, 5, 1), "2")):
        make.saved(ExchangeRate(currency="USD", rate_on=day, rate=Decimal(rate)))
    customer = make.customer(alice)

    made = written(alice, customer, currency="USD")
    changed(alice, made, issued_on="2026-02-28")

    found = read(made)
    assert (found.rate, found.rate_on) == (Decimal("0.5"), date(2026, 1, 1))
    assert found.base_total == 50


@pytest.mark.slow
def test_a_quote_of_a_thousand_lines_is_written_and_shortened(alice: Actor) -> None:
    product = make.product(price=Decimal("0.01"))
    many = [line(product, 1 + number) for number in range(1000)]

    made = written(alice, make.customer(alice), *many)
    assert read(made).net == Decimal("5005")  # 0.01 × (1 + … + 1000)
    changed(alice, made, lines=many[-2:])

    assert amounts(made) == [Decimal("9.99"), 10]
    with pytest.raises(Invalid):
        written(alice, make.customer(alice), *many, line(product))


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "NaN"},
        {"quantity": "0.00001"},
        {"discount": "1.01"},
        {"tax_rate": "-0.1"},
        {"unit_price": "-1"},
        {"unit_price": "1e13"},
        {"amount": "5"},
        {"position": 1},
    ],
    ids=str,
)
def test_a_line_that_makes_no_sense_is_refused(
    alice: Actor, fields: dict[str, Any]
) -> None:
    pen = make.product(price=Decimal(1))

    with pytest.raises(Invalid):
        written(alice, make.customer(alice), line(pen) | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_until": "2026-03-01"},
        {"issued_on": "0001-01-01"},
        {"language": "xx"},
        {"currency": "E1R"},
        {"lines": []},
        {"number": "Q-1"},
        {"status": "accepted"},
    ],
    ids=str,
)
def test_a_quote_that_makes_no_sense_is_refused(
    alice: Actor, fields: dict[str, Any]
) -> None:
    customer = make.customer(alice)

    with pytest.raises(Invalid):
        written(alice, customer, **fields)


def test_an_unknown_product_is_told(alice: Actor) -> None:
    pen = make.product(price=Decimal(1))
    gone = line(pen) | {"product_id": 10**12}

    with pytest.raises(NotFound, match="1000000000000"):
        written(alice, make.customer(alice), line(pen), gone)


def test_a_product_in_the_bin_stays_where_it_was_offered(alice: Actor) -> None:
    pen = make.product(price=Decimal(1))
    made = written(alice, make.customer(alice), line(pen))
    with db.transaction(SYSTEM) as session:
        db.get(session, type(pen), pen.id).deleted_at = AT

    changed(alice, made, lines=[line(pen, 2)])

    assert amounts(made) == [2]
    with pytest.raises(NotFound):
        written(alice, make.customer(alice), line(pen))


def test_nothing_of_another_customer_goes_into_it(alice: Actor) -> None:
    mine, other = make.customer(alice), make.customer(alice)
    contact, deal = make.contact(other), make.opportunity(other)

    for link in ({"contact_id": contact.id}, {"opportunity_id": deal.id}):
        with pytest.raises(Invalid, match="another customer"):
            written(alice, mine, **link)


def test_nothing_out_of_reach_goes_into_it(alice: Actor, charlie: Actor) -> None:
    foreign = make.customer(charlie)
    deal: Opportunity = make.opportunity(foreign)

    with pytest.raises(NotFound):
        written(alice, foreign)
    with pytest.raises(NotFound):
        written(alice, make.customer(alice), opportunity_id=deal.id)


def test_a_line_keeps_what_is_not_told_anew(alice: Actor) -> None:
    made = written(alice, make.customer(alice), intro="Dear all,")

    changed(alice, made, terms="Net cash")

    found = read(made)
    assert (found.intro, found.terms, found.net) == ("Dear all,", "Net cash", 100)


def test_another_currency_rounds_anew(alice: Actor) -> None:
    half = line(make.product(), unit_price="0.5")
    made = written(alice, make.customer(alice), half)

    changed(alice, made, currency="JPY")

    assert (amounts(made), read(made).total) == ([1], 1)


@pytest.mark.slow
def test_a_sent_quote_is_not_changed(alice: Actor, bob: Actor) -> None:
    made = sent(alice, make.customer(alice))

    for changes in ({"intro": "x"}, {"lines": [line(make.product(), 1)]}):
        with pytest.raises((RuleBroken, Invalid)):
            changed(alice, made, **changes)
    changed(alice, made, owner_id=bob.user_id)

    found = read(made)
    assert (found.intro, found.net, found.owner_id) == (None, 100, bob.user_id)


def test_of_two_who_change_it_the_second_is_told(alice: Actor) -> None:
    made = written(alice, make.customer(alice))
    version = made.version
    same = read(made).lines[0]
    described = {"product_id": same.product_id, "description": "As agreed"}
    changed(alice, made, lines=[described | {"unit_price": "100"}])

    with pytest.raises(Stale), db.transaction(alice) as session:
        quotes.update(session, made.id, {"intro": "x"}, version=version)


def test_who_only_reads_writes_and_changes_nothing(alice: Actor, viewer: Actor) -> None:
    customer = make.customer()
    made = written(alice, customer)
    described = {"product_id": read(made).lines[0].product_id, "unit_price": "100"}

    with pytest.raises(Forbidden):
        written(viewer, customer)
    with pytest.raises(Forbidden):  # though no figure of the quote itself changes
        changed(viewer, made, lines=[described | {"description": "x"}])

    assert read(made, viewer).lines[0].description is None


def test_it_goes_with_its_customer(alice: Actor, charlie: Actor) -> None:
    made = written(alice, make.customer(alice))

    with pytest.raises(NotFound):
        read(made, charlie)


def test_a_list_tells_what_has_lapsed(admin: Actor) -> None:
    customer = make.customer()
    past = {"valid_until": date(2020, 1, 1), "issued_on": date(2019, 1, 1)}
    late = make.quote(customer, status=QuoteStatus.SENT, **past)
    make.quote(customer, **past)
    make.quote(customer, status=QuoteStatus.SENT)
    rule = {"field": "status", "op": "any", "value": ["lapsed"]}
    query = lists.Query("quote", rule={"match": "all", "rules": [rule]})

    with db.reading(admin) as session:
        found = lists.page(session, query, today=ON)

    assert [(row["id"], row["status"]) for row in found.rows] == [(late.id, "lapsed")]

"""The timeline tells a change in labels, names and dates, and nothing internal."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Deed, OpportunityFields, Reason
from crm.services import records
from crm.services.changes import FieldChange
from crm.services.sales import opportunities
from crm.ui import change_words
from tests import make


def change(entity: str, name: str, after: Any, deed: Deed = Deed.CREATE) -> FieldChange:
    return FieldChange(entity, deed, name, None, after)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (change("opportunity", "state", "won"), "Outcome: Won"),
        (change("invoice", "state", "x"), "Status: x"),
        (
            change("opportunity", "close_on", "2026-03-01"),
            "Expected close: Mar 1, 2026",
        ),
        (change("opportunity", "amount", "1234.5000"), "Amount: 1,234.5"),
        (change("product", "active", False), "Active: No"),
        (change("product", "tax_rate", "0.19"), "Tax rate: 19.0%"),
        (change("quote", "terms", "30 days\n\nnet"), "Terms: 30 days net"),
        (change("quote", "language", "zh_CN"), "Language: 简体中文"),
        (change("opportunity", "close_on", "soon"), "Expected close: soon"),
        (change("customer", "city", "Ulm", Deed.UPDATE), "City: – → Ulm"),
    ],
)
def test_a_change_is_told_in_words(one: FieldChange, words: str) -> None:
    assert change_words.line(one, {}) == words


def test_what_only_the_program_reads_is_left_out() -> None:
    rate, stage = change("quote", "rate", "1"), change("stage_change", "at", "x")
    name = change("quote", "number", "Q-1")

    assert change_words.told([rate, name, stage]) == [name]


def altered(entity: str, key: int, name: str, record: str | None) -> FieldChange:
    return FieldChange(entity, Deed.UPDATE, name, "1", "2", key, record)


def made(entity: str, key: int, name: str, record: str | None) -> FieldChange:
    return FieldChange(entity, Deed.CREATE, name, None, "2", key, record)


SQUEAKS = made("ticket", 4, "subject", "Squeaks")
VIP = made("tagging", 4, "tags", "Squeaks")
PAID = [made("payment", 7, "rate", "#7"), altered("invoice", 3, "paid", "R-1")]


@pytest.mark.parametrize(
    ("reason", "changes", "words", "fields"),
    [
        (Reason.EDIT, [SQUEAKS], ["Created: Ticket Squeaks"], []),
        (Reason.BULK, [SQUEAKS], ["Created: Ticket Squeaks"], []),
        (Reason.IMPORT, [SQUEAKS], ["Imported · Created: Ticket Squeaks"], []),
        (Reason.EDIT, [SQUEAKS, VIP], ["Created: Ticket Squeaks"], []),
        (Reason.EDIT, [VIP], ["Edited"], ["tags"]),
        (Reason.EDIT, PAID, ["Created: Payment", "Edited · Invoice R-1"], ["paid"]),
        (Reason.EDIT, [altered("customer", 1, "city", "Acme")], ["Edited"], ["city"]),
        (Reason.EDIT, [made("contact", 2, "role", None)], ["Created: Contact"], []),
    ],
)
def test_what_is_new_is_told_as_created_without_its_fields(
    reason: Reason, changes: list[FieldChange], words: list[str], fields: list[str]
) -> None:
    assert change_words.headings(reason, changes) == words
    assert [one.name for one in change_words.altered(changes)] == fields


@pytest.mark.slow
def test_a_new_opportunity_is_told_as_created(app: AppTest, admin: Actor) -> None:
    customer = make.customer(name="Rhine Mills")
    form = {"customer_id": customer.id, "name": "Chairs", "amount": "900"}
    with db.transaction(admin) as session:
        row = opportunities.create(session, records.valid(OpportunityFields, form))
    with db.transaction(admin) as session:
        opportunities.update(session, row.id, {"source": "fair"})

    app.switch_page(str(ROOT / "pages/sales/opportunity.py"))
    app.query_params["id"] = str(row.id)
    app.run()

    told = [one.value for one in app.caption]
    assert sorted(
        one.replace("\\", "") for one in told if "Opportunity Chairs" in one
    ) == ["Created: Opportunity Chairs", "Edited · Opportunity Chairs"]
    fields = [one.value for one in app.text if ":" in one.value]
    assert fields == ["Source: – → fair"]

"""The timeline tells a change in labels, names and dates, and nothing internal."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Deed, OpportunityFields
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


@pytest.mark.slow
def test_a_new_opportunity_is_told_by_names(app: AppTest, admin: Actor) -> None:
    customer = make.customer(name="Rhine Mills")
    form = {"customer_id": customer.id, "name": "Chairs", "amount": "900"}
    with db.transaction(admin) as session:
        opportunities.create(session, records.valid(OpportunityFields, form))

    app.switch_page(str(ROOT / "pages/customers/customer.py"))
    app.query_params["id"] = str(customer.id)
    app.run()

    told = [one.value for one in app.text]
    assert {"Name: Chairs", "Stage: Prospecting", "Owner: Ada", "Amount: 900"} <= {
        *told
    }
    assert "Customer: Rhine Mills" in told
    assert not [one for one in told if one.startswith(("rate", "Exchange", "Date of"))]

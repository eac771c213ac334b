"""Opportunities and leads on their pages: moved, won, lost, converted."""

from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import (
    SYSTEM,
    Actor,
    Lead,
    LeadStatus,
    Opportunity,
    OpportunityLine,
    StageKind,
)
from crm.services.sales import opportunities
from crm.ui.sales import opportunity_step
from tests import make
from tests.ui.conftest import signed_in


def at(app: AppTest, page: str, **query: Any) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(str(ROOT / page)).run()


def read(row: Any) -> Any:
    with db.reading(SYSTEM) as session:
        return db.get(session, type(row), row.id)


def shown(app: AppTest) -> str:
    """All the words on the page."""
    parts = [*app.caption, *app.markdown, *app.text, *app.error, *app.toast]
    return "\n".join(str(one.value) for one in parts).replace("\\", "")


@pytest.mark.slow
def test_the_board_sums_up_what_is_open(app: AppTest) -> None:
    customer = make.customer()
    make.opportunity(customer, "Qualified")
    make.opportunity(customer, "Won")

    at(app, "pages/sales/opportunities.py")

    assert not app.exception
    worth = [metric.value.replace("\\", "") for metric in app.metric]
    assert worth == ["1", "€1,000.00", "€250.00"]


def test_several_currencies_are_said_and_not_added_up(app: AppTest) -> None:
    customer = make.customer()
    make.opportunity(customer)
    make.opportunity(customer, currency="USD")

    at(app, "pages/sales/opportunities.py")

    assert "1 opportunity in USD has no rate and is not in the sum." in shown(app)
    assert app.metric[1].value.replace("\\", "") == "€1,000.00"


def test_the_list_is_one_click_away(app: AppTest) -> None:
    make.opportunity(make.customer(), name="Chairs")

    at(app, "pages/sales/opportunities.py", view="list")

    assert app.dataframe[0].value["name"].tolist() == ["Chairs"]
    assert app.dataframe[0].value["stage_id"].tolist() == ["Prospecting"]


@pytest.mark.slow
def test_a_stage_of_the_path_moves_it_there(app: AppTest) -> None:
    row = make.opportunity(make.customer())
    stage = make.stages()["Proposal"]
    at(app, "pages/sales/opportunity.py", id=row.id)

    app.button(key=f"stage_{stage.id}").click().run()

    assert not app.exception
    assert read(row).stage_id == stage.id
    assert "Prospecting → Proposal" in shown(app)


@pytest.mark.slow
def test_losing_asks_why_before_it_happens(app: AppTest) -> None:
    row = make.opportunity(make.customer())
    stage = make.stages()["Lost"]
    at(app, "pages/sales/opportunity.py", id=row.id)

    app.button(key=f"stage_{stage.id}").click().run()
    assert read(row).state is StageKind.OPEN
    form = f"outcome_{row.id}_{stage.id}"
    assert app.button(key=f"{form}_save").disabled
    app.selectbox(key=f"{form}_reason").select("price").run()
    app.text_input(key=f"{form}_competitor").set_value("Rival")  # sent with the click
    app.button(key=f"{form}_save").click().run()

    assert not app.exception
    assert (read(row).state, read(row).competitor) == (StageKind.LOST, "Rival")


def test_a_gate_is_told_in_words(app: AppTest) -> None:
    row = make.opportunity(make.customer(), amount=None)
    stage = make.stages()["Proposal"]
    with db.transaction(SYSTEM) as session:
        db.get(session, type(stage), stage.id).required = ["amount"]
    at(app, "pages/sales/opportunity.py", id=row.id)

    app.button(key=f"stage_{stage.id}").click().run()

    assert "Before “Proposal”, fill in: Amount." in shown(app)
    assert read(row).stage_id != stage.id


def test_a_name_that_looks_like_markup_is_shown_as_typed(app: AppTest) -> None:
    row = make.opportunity(make.customer(), name="![x](http://127.0.0.1/p.png)")

    at(app, "pages/sales/opportunity.py", id=row.id)

    assert "\\!\\[x\\]" in app.title[0].value


@pytest.mark.slow
def test_who_only_reads_moves_nothing(viewer: Actor) -> None:
    row = make.opportunity(make.customer())
    app = at(signed_in(viewer).run(), "pages/sales/opportunity.py", id=row.id)

    assert not app.exception
    stages = [b for b in app.button if str(b.key).startswith("stage_")]
    assert len(stages) == 6
    assert all(button.disabled for button in stages)


@pytest.mark.slow
def test_a_lead_is_converted_on_its_page(app: AppTest) -> None:
    lead = make.lead(company="Rhine Mills")
    at(app, "pages/sales/lead.py", id=lead.id)

    app.text_input(key=f"convert_{lead.id}_1_amount").set_value("1,234.50")
    app.button(key=f"convert_{lead.id}_1_save").click().run()  # sent with the click

    assert not app.exception
    found: Lead = read(lead)
    assert found.status is LeadStatus.CONVERTED
    with db.reading(SYSTEM) as session:
        deal = db.get(session, Opportunity, found.opportunity_id or 0)
    assert (deal.name, deal.amount) == ("Rhine Mills", Decimal("1234.5"))


def test_an_amount_that_is_none_keeps_a_lead_as_it_is(app: AppTest) -> None:
    lead = make.lead()
    at(app, "pages/sales/lead.py", id=lead.id)

    app.text_input(key=f"convert_{lead.id}_1_amount").set_value("1.234,50")
    app.button(key=f"convert_{lead.id}_1_save").click().run()

    assert "not a number" in app.error[0].value
    assert read(lead).status is LeadStatus.NEW


@pytest.mark.slow
def test_a_customer_who_may_be_the_same_is_proposed(app: AppTest) -> None:
    customer = make.customer(name="Rhine Mills")
    lead = make.lead(company="Rhine Mills")
    at(app, "pages/sales/lead.py", id=lead.id)

    assert app.radio(key=f"convert_{lead.id}_1_customer").value == customer.id
    app.button(key=f"convert_{lead.id}_1_save").click().run()

    assert read(lead).customer_id == customer.id


@pytest.mark.slow
def test_a_lead_is_disqualified_with_a_reason(app: AppTest) -> None:
    lead = make.lead()
    at(app, "pages/sales/lead.py", id=lead.id)

    assert app.button(key="lead_disqualify").disabled
    app.selectbox(key=f"unfit_{lead.id}_1").select("no_answer").run()
    app.button(key="lead_disqualify").click().run()

    assert read(lead).status is LeadStatus.DISQUALIFIED


def test_a_new_lead_is_added_by_its_form(app: AppTest) -> None:
    at(app, "pages/sales/leads.py")
    app.text_input(key="new_lead_name").set_value("Jo Weber")  # sent with the click

    app.button(key="new_lead_save").click().run()

    assert not app.exception
    assert app.dataframe[0].value["name"].tolist() == ["Jo Weber"]


@pytest.mark.slow
def test_a_pipeline_gets_a_stage_that_asks_for_an_amount(app: AppTest) -> None:
    stage = make.stages()["Proposal"]
    at(app, "pages/admin/pipelines.py")

    app.multiselect(key=f"stage_{stage.id}_1_required").select("amount").run()
    app.button(key=f"stage_{stage.id}_1_save").click().run()

    assert not app.exception
    assert read(stage).required == ["amount"]
    assert "asks for: Amount" in shown(app)


def test_a_stage_that_is_used_is_not_deleted(app: AppTest) -> None:
    make.opportunity(make.customer(), "Proposal")
    stage = make.stages()["Proposal"]
    at(app, "pages/admin/pipelines.py")

    app.button(key=f"stage_{stage.id}_delete").click().run()

    assert "rename it instead" in shown(app)


def test_every_next_step_has_a_sign_besides_its_colour() -> None:
    words = opportunity_step.step_words()

    assert len({text[0] for text in words.values()}) == len(words) == 4


def line(row: Opportunity, **details: Any) -> OpportunityLine:
    """A saved line of an opportunity: two of a pen at 5."""
    pen = details.pop("product", None) or make.product(name="Pen")
    held = {"position": 1, "quantity": 2, "unit_price": 5, "amount": 10}
    link = {"opportunity_id": row.id, "product_id": pen.id}
    made: OpportunityLine = make.saved(OpportunityLine(**held | link | details))
    return made


def lines_of(row: Opportunity) -> list[tuple[Any, Any]]:
    with db.reading(SYSTEM) as session:
        found = opportunities.opportunity(session, row.id)
    return [(one.quantity, one.amount) for one in found.lines]


@pytest.mark.slow
def test_products_are_edited_and_their_sum_is_the_amount(app: AppTest) -> None:
    row = make.opportunity(make.customer())
    line(row)
    form = f"opportunity_lines_{row.id}"
    at(app, "pages/sales/opportunity.py", id=row.id)
    assert app.dataframe[0].value[["name", "amount"]].values.tolist() == [["Pen", 10]]

    app.button(key="products_edit").click().run()
    app.session_state[f"{form}_grid_1"] = {"edited_rows": {0: {"quantity": 4}}}
    app.run()
    assert "€20.00" in shown(app)
    app.button(key=f"{form}_save").click().run()

    assert not app.exception
    assert lines_of(row) == [(4, 20)]
    assert app.metric[0].value.replace("\\", "") == "€20.00"


@pytest.mark.slow
def test_products_that_are_not_saved_are_here_again(app: AppTest, admin: Actor) -> None:
    row, pen = make.opportunity(make.customer()), make.product(name="Pen", price=5)
    form = f"opportunity_lines_{row.id}"
    at(app, "pages/sales/opportunity.py", id=row.id)
    app.button(key="products_edit").click().run()
    app.text_input(key=f"{form}_word").set_value("pen").run()
    app.button(key=f"{form}_add").click().run()
    assert lines_of(row) == []
    line(row, product=pen)

    again = at(signed_in(admin).run(), "pages/sales/opportunity.py", id=row.id)

    assert not again.exception
    words = shown(again)
    assert "not saved is here again" in words
    assert any("changed since you began" in one.value for one in again.warning)
    again.button(key=f"{form}_save").click().run()
    assert lines_of(row) == [(1, 5)]


@pytest.mark.slow
def test_the_form_says_why_the_amount_is_not_typed(app: AppTest) -> None:
    row = make.opportunity(make.customer())
    line(row)
    at(app, "pages/sales/opportunity.py", id=row.id)

    app.button(key="edit_opportunity").click().run()

    assert "The amount is the sum of the products" in shown(app)
    (amount,) = [one for one in app.text_input if one.label == "Amount"]
    assert (amount.disabled, amount.value) == (True, "1000")
    (source,) = [one for one in app.text_input if one.label == "Source"]
    source.set_value("Fair").run()
    app.button(key="form_save").click().run()
    assert (read(row).source, read(row).amount) == ("Fair", 1000)


@pytest.mark.slow
def test_the_next_step_is_done_and_another_one_asked_for(app: AppTest) -> None:
    customer = make.customer()
    row = make.opportunity(customer)
    step = make.activity(
        customer,
        kind="task",
        subject="Send it",
        opportunity_id=row.id,
        due_at=make.NOON,
    )
    at(app, "pages/sales/opportunity.py", id=row.id)
    assert "Send it" in shown(app)
    assert "Overdue" in shown(app)

    app.button(key="next_step_done").click().run()
    assert read(step).done_at
    form = f"next_step_{row.id}"
    app.text_input(key=f"{form}_subject").set_value("Call Jo").run()
    app.button(key=f"{form}_save").click().run()

    assert not app.exception
    with db.reading(SYSTEM) as session:
        planned = opportunities.next_activity(session, row.id)
    assert planned
    assert (planned.subject, planned.kind) == ("Call Jo", "task")
    assert "Call Jo" in shown(app)


@pytest.mark.slow
def test_nothing_is_asked_for_what_is_closed(app: AppTest) -> None:
    customer = make.customer()
    row = make.opportunity(customer, "Won")
    make.activity(
        customer, kind="call", subject="Thank Jo", opportunity_id=row.id,
        due_at=make.NOON,
    )  # fmt: skip
    at(app, "pages/sales/opportunity.py", id=row.id)

    app.button(key="next_step_done").click().run()

    assert not app.exception
    keys = {str(one.key) for one in app.button}
    assert not keys & {f"next_step_{row.id}_save", "next_step_plan", "next_step_done"}


def test_a_huge_amount_is_short_with_the_whole_on_its_hint(app: AppTest) -> None:
    row = make.opportunity(make.customer(), amount=Decimal("123456789012.5"))
    app.query_params["id"] = str(row.id)
    app.switch_page(str(ROOT / "pages/sales/opportunity.py")).run()

    card = next(one for one in app.metric if one.label == "Amount")
    assert card.value.replace("\\", "") == "€123.46B"
    assert "€123,456,789,012.50" in card.help.replace("\\", "")


def test_an_empty_board_says_what_to_do(app: AppTest) -> None:
    make.stages()

    app.switch_page(str(ROOT / "pages/sales/opportunities.py")).run()

    told = " ".join(one.value for one in [*app.markdown, *app.caption, *app.subheader])
    assert "No opportunities in this pipeline yet." in told.replace("\\", "")
    assert "Add the first one above" in told

"""Suggestions from the latest churn analysis, and what came of earlier ones."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from crm import db
from crm.jobs import run_here
from crm.models import (
    SYSTEM,
    Actor,
    Analysis,
    Job,
    Suggestion,
    SuggestionKind,
    SuggestionState,
    utcnow,
    words,
)
from crm.services import analyses, jobs
from crm.services.customers import suggestions
from tests import make


@pytest.fixture
def today() -> date:
    return utcnow().date()


def churn(
    actor: Actor,
    as_of: date,
    probabilities: dict[int, float],
    parameters: dict[str, Any] | None = None,
    *,
    made_on: date | None = None,
) -> int:
    """A stored analysis; what is at risk is 100 times the probability."""
    rows = [
        {"customer_id": one, "probability": p, "at_risk": 100 * p}
        for one, p in probabilities.items()
    ]
    reasons = dict.fromkeys(
        f"{part}_{n}" for n in (1, 2, 3) for part in ("value", "second", "contribution")
    )
    scores = pd.DataFrame(rows).assign(**dict.fromkeys(reasons, 0.0))
    scores = scores.assign(
        reason_1="last_order", reason_2="", reason_3="", value_1=80.0
    )
    result = Analysis(
        kind="churn",
        parameters=parameters or {"horizon": 90},
        as_of=as_of,
        data_at=datetime.combine(made_on or as_of, time(12), UTC),
        summary={"method": "model", "best": "logistic", "horizon": 90},
    )
    with db.transaction(actor) as session:
        return analyses.store(session, result, {"scores_logistic": scores})


def suggested(actor: Actor = SYSTEM) -> dict[str, Any]:
    with db.transaction(actor) as session:
        asked = jobs.ask(session, "suggestions", "Suggestions", {})
    run_here(asked.id)
    with db.reading(SYSTEM) as session:
        done = db.get(session, Job, asked.id)
    assert done.error is None
    return dict(done.result or {})


def kept() -> list[Suggestion]:
    with db.reading(SYSTEM) as session:
        order = Suggestion.worth.desc()
        return list(session.scalars(select(Suggestion).order_by(order)))


@pytest.mark.slow
def test_who_will_rather_leave_is_suggested(admin: Actor, today: date) -> None:
    ids = [make.customer(admin).id for _number in range(3)]
    analysis_id = churn(admin, today, dict(zip(ids, (0.49, 0.5, 0.9), strict=True)))

    assert suggested() == {"made": 2}

    assert [one.customer_id for one in kept()] == [ids[2], ids[1]]
    [first, _second] = kept()
    assert (first.kind, first.worth) == (SuggestionKind.WIN_BACK, 90)
    assert (first.analysis_id, first.made_on) == (analysis_id, today)
    assert (first.facts["probability"], first.facts["horizon"]) == (0.9, 90)
    assert [one["theme"] for one in first.facts["reasons"]] == ["last_order"]


@pytest.mark.slow
def test_once_more_on_the_same_day_makes_nothing(admin: Actor, today: date) -> None:
    churn(admin, today, {make.customer(admin).id: 0.9})

    assert [suggested(), suggested()] == [{"made": 1}, {"made": 0}]


def test_without_an_analysis_nothing_is_suggested(admin: Actor) -> None:
    assert suggested() == {"made": 0}


@pytest.mark.slow
def test_an_old_analysis_suggests_nothing_but_is_asked_for_again(
    admin: Actor, today: date
) -> None:
    churn(admin, today - timedelta(days=15), {make.customer(admin).id: 0.9})

    assert suggested() == {"made": 0}

    with db.reading(SYSTEM) as session:
        asked = session.scalars(select(Job).where(Job.kind == "churn")).one()
    assert asked.arguments == {
        "parameters": {"horizon": 90},
        "as_of": today.isoformat(),
    }


@pytest.mark.slow
def test_one_that_looks_back_stays_and_does_not_count(
    admin: Actor, today: date
) -> None:
    customer = make.customer(admin)
    usual = churn(admin, today, {customer.id: 0.9})
    churn(admin, today - timedelta(days=400), {customer.id: 0.6}, made_on=today)

    assert suggested() == {"made": 1}

    assert [one.analysis_id for one in kept()] == [usual]
    with db.reading(SYSTEM) as session:
        again = session.scalars(select(Job).where(Job.kind == "churn")).all()
    assert again == []


@pytest.mark.slow
def test_one_of_a_segment_suggests_nothing(admin: Actor, today: date) -> None:
    churn(admin, today, {make.customer(admin).id: 0.9}, {"segment_id": 7})

    assert suggested() == {"made": 0}


def test_who_sees_some_customers_suggests_nothing(alice: Actor, today: date) -> None:
    churn(alice, today, {make.customer(alice).id: 0.9})

    assert suggested(alice) == {"made": 0}


def rules(actor: Actor, as_of: date, offers: dict[int, int], method: str) -> None:
    """A stored analysis whose first offers are right for a quarter."""
    table = pd.DataFrame(
        {"customer_id": list(offers), "product_1": list(offers.values())}
    )
    facts = {"method": method, "hit_rates": {method: [0.25, 0.3]}}
    result = Analysis(
        kind="association_rules",
        as_of=as_of,
        data_at=utcnow(),
        summary={"next_product": facts},
    )
    with db.transaction(actor) as session:
        analyses.store(session, result, {"offers": table})


@pytest.mark.slow
def test_the_next_product_is_offered(admin: Actor, today: date) -> None:
    customer, product = make.customer(admin), make.product()
    make.order(customer, (make.product(), 1, "200"))
    rules(admin, today, {customer.id: product.id, make.customer().id: 0}, "similar")

    assert suggested() == {"made": 1}

    [one] = kept()
    assert (one.kind, one.worth) == (SuggestionKind.NEXT_PRODUCT, 50)
    assert one.facts == {"product_id": product.id, "hit_rate": 0.25}


def test_what_most_have_is_no_suggestion(admin: Actor, today: date) -> None:
    customer, product = make.customer(admin), make.product()
    make.order(customer, (product, 1, "200"))
    rules(admin, today, {customer.id: product.id}, "popular")

    assert suggested() == {"made": 0}


@pytest.mark.slow
def test_each_owner_has_a_list(
    admin: Actor, alice: Actor, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.jobs.suggestions.FIRST", 2)
    monkeypatch.setattr("crm.jobs.suggestions.OF_EACH", 1)
    great = [make.customer(admin).id for _number in range(3)]
    small = make.customer(alice).id
    churn(admin, today, dict.fromkeys(great, 0.9) | {small: 0.5})

    suggested()

    assert [one.customer_id for one in kept()] == [*great[:2], small]


@pytest.mark.slow
def test_what_acting_has_changed_is_measured(admin: Actor, today: date) -> None:
    """Forty acted on buy for 10 each, twenty left alone for nothing."""
    begin = today - timedelta(days=40)
    product, ids = make.product(), [make.customer(admin).id for _number in range(60)]
    with db.transaction(SYSTEM) as session:
        for place, one in enumerate(ids):
            alone = place >= 40
            state = SuggestionState.LEFT_ALONE if alone else SuggestionState.OPEN
            kind = SuggestionKind.WIN_BACK
            session.add(
                Suggestion(
                    customer_id=one, kind=kind, made_on=begin, worth=1, state=state
                )
            )
    with db.reading(SYSTEM) as session:
        customers = [session.get(make.Customer, one) for one in ids[:40]]
    later = datetime.combine(begin, make.NOON.timetz()) + timedelta(days=5)
    for customer in customers:
        make.order(customer, (product, 1, "10"), ordered_at=later)

    suggested()

    with db.reading(admin) as session:
        found = analyses.latest(session, "suggestions")
    assert found is not None
    effect = found.summary["effects"]["win_back"]
    assert (effect["acted_on"], effect["left_alone"]) == (40, 20)
    assert (effect["revenue_acted_on"], effect["revenue_left_alone"]) == (10, 0)
    why_not = found.summary["effects"]["next_product"]["why_not"]
    assert "0 customers" in words.told(why_not)


@pytest.mark.slow
def test_a_churn_analysis_of_all_is_looked_through_at_once(
    admin: Actor, today: date
) -> None:
    customer, product = make.customer(admin), make.product()
    make.order(customer, (product, 1, "10"))
    make.order(customer, (product, 1, "5"), ordered_at=make.NOON - timedelta(days=9))
    with db.transaction(admin) as session:
        asked = analyses.ask(session, "churn", "Churn", {"horizon": 90}, as_of=today)
    run_here(asked.id)

    with db.reading(admin) as session:
        churn_job = db.get(session, Job, asked.id)
        waiting = jobs.listed(session, kinds=["suggestions"])
    assert churn_job.error is None
    assert len(waiting) == 1


@pytest.mark.slow
def test_the_list_is_that_of_the_day(admin: Actor, today: date) -> None:
    churn(admin, today, {make.customer(admin).id: 0.9})
    suggested()

    with db.reading(admin) as session:
        assert len(suggestions.listed(session, on=today)) + _alone() == 1


def _alone() -> int:
    return sum(one.state is SuggestionState.LEFT_ALONE for one in kept())

from typing import Any

import pytest

from crm.analytics.churn.churn import Churn
from crm.analytics.churn.churn_what_if import changed, probability
from tests.analytics.leavers import evaluated, grouped, small_forests


@pytest.fixture(scope="module")
def found() -> Churn:
    with small_forests():
        return evaluated(grouped(), models=["logistic"])


def customer(found: Churn, customer_id: int) -> dict[str, Any]:
    rows = found.features.set_index("customer_id", drop=False)
    return dict(rows.loc[customer_id])


def told(found: Churn, one: dict[str, Any]) -> float:
    return probability(found.coefficients, found.intercept, one)


@pytest.mark.slow
def test_a_customer_as_it_is_has_the_probability_of_the_model(found: Churn) -> None:
    scores = found.scores["logistic"].set_index("customer_id")["probability"]

    for customer_id in (1, 2, 3, 500):
        one = customer(found, customer_id)
        assert told(found, one) == pytest.approx(scores[customer_id], abs=1e-5)


@pytest.mark.slow
def test_a_later_last_order_and_another_sector_move_it(found: Churn) -> None:
    one = customer(found, 1)

    sooner, later = (changed(one, {"recency": days}) for days in (1, 250))
    risky, calm = (changed(one, {"sector": word}) for word in ("Hotels", "Schools"))

    assert told(found, sooner) < told(found, later)
    assert told(found, calm) < told(found, risky)


def test_being_overdue_follows_from_the_last_order() -> None:
    """Ordered every 10 days: 21 days are twice (21 + 1) / (10 + 1) the usual gap."""
    one = {"recency": 1.0, "tenure": 101.0, "frequency": 11.0, "sales_90": 9.0}

    assert changed(one, {"recency": 21})["overdue"] == 2
    assert changed(one, {"recency": 3})["overdue"] == 1


def test_after_90_days_there_is_no_order_in_the_last_90() -> None:
    one = {"recency": 1.0, "tenure": 101.0, "frequency": 11.0, "sales_90": 9.0}

    assert changed(one, {"recency": 89})["sales_90"] == 9
    assert changed(one, {"recency": 90})["sales_90"] == 0


def test_who_has_ordered_once_has_no_rhythm_to_be_overdue_by() -> None:
    one = {"recency": 5.0, "tenure": 5.0, "frequency": 1.0, "sales_90": 1.0}

    assert "overdue" not in changed(one, {"recency": 80})


def test_beyond_what_was_seen_the_end_counts(found: Churn) -> None:
    one = customer(found, 1) | {"frequency": 1.0}

    far, farther = (changed(one, {"recency": days}) for days in (10_000, 20_000))

    assert told(found, far) == told(found, farther)

"""What customers complain of is found where it drives churn, and left out where not."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.churn import churn_features
from crm.analytics.churn.churn import Churn, Cut
from crm.analytics.reasons import reasons
from crm.analytics.segmentation.features import prepare
from crm.jobs.churn_card import card
from tests.analytics.customers import buyers
from tests.analytics.leavers import DAYS, evaluated, people, planted, planted_cuts

ASKED = ["tickets_90", "tickets_before_90", "open_problems"]


def complaining() -> list[Cut]:
    """Who has an open problem leaves with four times the odds; nothing else of it
    matters.
    """
    made = []
    for number, day in enumerate(DAYS):
        random = np.random.default_rng(50 + number)
        table = people(number + 1)
        table = table.assign(
            tickets_90=random.integers(0, 3, len(table)),
            tickets_before_90=random.integers(0, 3, len(table)),
            open_problems=random.integers(0, 2, len(table)),
        )
        base = np.log(4) * table["open_problems"].to_numpy()
        stays = planted(table, 60 + number, base=base)[1]
        made.append(Cut(day, table, **({} if number == 2 else {"future": stays})))
    return made


@pytest.fixture(scope="module")
def found() -> Churn:
    return evaluated(complaining(), models=["logistic"])


@pytest.mark.slow
def test_open_problems_are_found_at_their_strength(found: Churn) -> None:
    """log(1 + 1) and log(1 + 0) lie log(2) apart, four times the odds log(4)."""
    weights = found.coefficients.set_index("feature")
    per_log = weights["coefficient"] / weights["deviation"]

    assert per_log["open_problems"] == pytest.approx(2, abs=0.5)
    assert abs(weights.loc[ASKED[:2], "coefficient"]).max() < 0.15


def test_an_open_problem_is_told_as_a_reason(found: Churn) -> None:
    problems = complaining()[2].features.set_index("customer_id")["open_problems"]
    told = [
        (one.value, one.direction, problems[row["customer_id"]])
        for row in found.scores["logistic"].to_dict("records")
        for one in reasons(row)
        if one.theme == "problems"
    ]

    assert len(told) > 50
    assert {direction for value, direction, _n in told if value} == {"raises"}
    assert all(value == count for value, _direction, count in told)


@pytest.mark.slow
def test_where_nobody_asked_anything_it_is_left_out_and_named() -> None:
    without = evaluated(planted_cuts(), models=["logistic"])

    made = card(without)

    assert not set(made["features"]) & set(ASKED)
    assert set(ASKED) <= set(made["alike"])
    assert set(made["features"]) >= {"recency", "frequency"}


def test_a_segmentation_without_any_ticket_says_so() -> None:
    five = buyers(5, recency=[10, 20, 30, 40, 50])

    prepared = prepare(five, ["recency", "tickets"])

    assert [scale.feature for scale in prepared.scales] == ["recency"]
    told = "“Tickets in the last 365 days” is the same for all customers"
    assert told in str(prepared.notes[0])


def test_a_segmentation_by_tickets_counts_them() -> None:
    five = buyers(5, recency=[10, 20, 30, 40, 50], tickets=[0, 0, 1, 2, 2])

    (scale,) = prepare(five, ["tickets"]).scales

    assert (scale.mean, scale.log) == (1.0, False)
    assert scale.deviation == pytest.approx(np.sqrt(4 / 5))


def test_every_feature_speaks_of_one_theme() -> None:
    themes = [name for names in churn_features.THEMES.values() for name in names]

    assert sorted(themes) == sorted(churn_features.FEATURES | churn_features.GROUPS)
    assert pd.Series(themes).is_unique

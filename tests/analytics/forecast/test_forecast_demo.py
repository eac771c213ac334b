"""The demo company, in which season, week and growth are planted."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.forecast import periods
from crm.analytics.forecast.forecast import Forecast, forecast
from crm.analytics.forecast.periods import Unit
from crm.demo import generate
from crm.demo.truths import SEASON, WEEK
from tests.analytics.demo_orders import worth

TODAY = date(2026, 3, 1)  # so that the last month is whole

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """Sales by day."""
    table = worth(generate(today=TODAY), "sale").rename(columns={"ordered_on": "day"})
    return table.assign(orders=1)[["day", "orders"]]


def expected(orders: pd.DataFrame, unit: Unit) -> Forecast:
    first, last = orders["day"].min().date(), orders["day"].max().date()
    whole = periods.whole(orders, unit, first=first, until=last)
    return forecast(whole["orders"], unit)


def test_the_planted_season_comes_back(orders: pd.DataFrame) -> None:
    """The months to come over a straight line correlate with `SEASON` by 0.9 or more:
    three years of orders have their own chance, and the customers grow in number."""
    found = expected(orders, "month").expected

    line = np.poly1d(np.polyfit(found["step"], found["expected"], 1))
    factors = found["expected"] / line(found["step"])
    planted = np.array(SEASON)[found["period"].dt.month - 1]
    planted = planted / np.poly1d(np.polyfit(found["step"], planted, 1))(found["step"])
    assert np.corrcoef(factors, planted)[0, 1] > 0.9


def test_the_planted_week_comes_back(orders: pd.DataFrame) -> None:
    """A mix of both kinds of customers fits each weekday within a tenth of the mean."""
    found = expected(orders, "day").expected.head(28)

    by_weekday = found.groupby(found["period"].dt.day_of_week)["expected"].mean()
    factors = (by_weekday / by_weekday.mean()).to_numpy()
    kinds = np.array([WEEK["company"], WEEK["person"]]).T
    mix, *_rest = np.linalg.lstsq(kinds, factors, rcond=None)
    assert (mix > 0).all()
    assert np.abs(kinds @ mix - factors).max() < 0.1

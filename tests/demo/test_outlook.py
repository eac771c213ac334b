"""What customers are expected to be worth, against what they then spent."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.demo import behaviour, catalogue
from crm.demo.baskets import Assortment
from crm.demo.calendar import Calendar
from crm.demo.generate import draw_customers
from crm.demo.orders import book
from crm.demo.outlook import FADE, FADE_DAYS, days_of_buying, discounted_days, outlook


@pytest.mark.slow
def test_revenue_of_a_year_comes_out_as_expected() -> None:
    who, how, when, what = np.random.default_rng(1).spawn(4)
    calendar = Calendar.ending(date(2026, 3, 2), 3)
    assortment = Assortment.of(catalogue.products())
    customers = draw_customers(12_000, who)
    buying = customers[customers["segment"] != ""]
    buyers = behaviour.buyers(buying, calendar, 180_000, how)
    sales = behaviour.sales(buyers, calendar, when)
    placed = book(buyers, sales, calendar, assortment, what)
    year_ago = calendar.days - 365
    known = buyers.joined < calendar.to_busy(buyers.company, year_ago)

    leaving = np.where(sales.leaving < year_ago, sales.leaving, np.inf)
    expected = outlook(buyers, leaving, assortment, year_ago)

    order = placed.orders.loc[placed.lines["order"]].reset_index(drop=True)
    since = pd.Timestamp(calendar.start) + pd.Timedelta(days=year_ago)
    counts = (order["ordered_at"] >= since) & (order["status"] == "confirmed")
    amount = placed.lines["quantity"] * placed.lines["unit_price"] / 10_000
    spent = amount[counts].groupby(order["buyer"][counts]).sum()
    spent = spent.reindex(range(len(buyers)), fill_value=0.0).to_numpy()
    for segment in range(4):  # newcomers were not there yet
        theirs = known & (buyers.segment == segment)
        meant = expected["revenue_365"][theirs]
        chance = (spent[theirs] - meant).std() / len(meant) ** 0.5 / meant.mean()
        simplified = 0.05  # `outlook` lets regular customers order from the first day
        ratio = spent[theirs].sum() / meant.sum()
        assert ratio == pytest.approx(1, abs=simplified + 2 * chance), segment


def test_who_never_leaves_buys_all_year() -> None:
    assert days_of_buying(np.array(1e-12), 365.0) == pytest.approx(365)


def test_who_leaves_at_once_only_fades() -> None:
    assert days_of_buying(np.array(1e6), 365.0) == pytest.approx(FADE * FADE_DAYS)


def test_within_the_time_of_fading_who_leaves_at_once_only_fades() -> None:
    assert days_of_buying(np.array(1e6), 90.0) == pytest.approx(FADE * 90)


def test_days_of_buying_add_up_to_the_days_where_nobody_leaves() -> None:
    assert days_of_buying(np.array(1e-12), 90.0) == pytest.approx(90)


def test_a_day_for_ever_is_worth_its_yearly_discount() -> None:
    # 1 a day at 10 % a year: 365.25 / ln 1.1 = 3832.2 days
    assert discounted_days(np.array(1e-15)) == pytest.approx(3832.2, abs=0.1)

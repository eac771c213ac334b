"""Recurring revenue: every movement by hand, and all of them add up."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.analytics.mrr import KINDS, RecurringRevenue, recurring_revenue
from crm.errors import NotEnoughData
from crm.frames import SUBSCRIPTION_PRICES, SUBSCRIPTIONS, typed

TODAY = date(2026, 4, 15)

Given = tuple[int, str, str | None, dict[str, float]]  # customer, start, end, prices


def found(*given: Given, as_of: date = TODAY, foreign: int = 0) -> RecurringRevenue:
    """Of subscriptions; the first `foreign` of them have no rate."""
    rows = [
        {"subscription_id": n, "customer_id": customer, "starts_on": start,
         "ends_on": end, "auto_renew": True, "no_rate": n <= foreign}
        for n, (customer, start, end, _prices) in enumerate(given, 1)
    ]  # fmt: skip
    prices = [
        (n, from_on, monthly)
        for n, (_customer, _start, _end, agreed) in enumerate(given, 1)
        for from_on, monthly in agreed.items()
    ]
    return recurring_revenue(
        typed(pd.DataFrame(rows, columns=list(SUBSCRIPTIONS)), SUBSCRIPTIONS),
        typed(prices, SUBSCRIPTION_PRICES),
        as_of=as_of,
    )


def moves(result: RecurringRevenue) -> list[tuple[str, str, float, float]]:
    table = result.movements
    return list(
        zip(
            table["month"].dt.strftime("%Y-%m"),
            table["kind"],
            table["before"],
            table["after"],
            strict=True,
        )
    )


def test_the_life_of_one_customer() -> None:
    result = found(
        (1, "2025-10-05", "2026-01-20", {"2025-10-05": 100, "2025-11-30": 120,
                                         "2025-12-31": 90}),
        (1, "2026-03-02", None, {"2026-03-02": 50}),
    )  # fmt: skip

    assert moves(result) == [
        ("2025-10", "new", 0, 100),
        ("2025-11", "expansion", 100, 120),
        ("2025-12", "contraction", 120, 90),
        ("2026-01", "churned", 90, 0),
        ("2026-03", "reactivated", 0, 50),
    ]
    assert result.months["mrr"].tolist() == [100, 120, 90, 0, 0, 50, 50]
    assert result.months["customers"].tolist() == [1, 1, 1, 0, 0, 1, 1]
    assert (result.mrr, result.running) == (50, 1)


def test_what_runs_to_the_last_day_of_a_month_counts_in_it() -> None:
    result = found((1, "2026-01-01", "2026-02-28", {"2026-01-01": 10}))

    assert result.months["mrr"].tolist() == [10, 10, 0, 0]


def test_within_a_month_nothing_moves() -> None:
    result = found(
        (1, "2026-01-01", "2026-01-09", {"2026-01-01": 10}),
        (1, "2026-01-10", None, {"2026-01-10": 10}),
        (2, "2026-02-02", "2026-02-20", {"2026-02-02": 99}),
    )

    assert moves(result) == [("2026-01", "new", 0, 10)]


def test_a_second_subscription_of_a_customer_is_an_expansion() -> None:
    result = found(
        (1, "2026-01-01", None, {"2026-01-01": 10}),
        (1, "2026-02-01", None, {"2026-02-01": 5}),
    )

    assert moves(result)[1:] == [("2026-02", "expansion", 10, 15)]


def test_prices_after_the_end_or_after_the_day_do_not_count() -> None:
    result = found(
        (1, "2026-01-01", "2026-02-10", {"2026-01-01": 10, "2026-03-01": 90}),
        (2, "2026-01-01", None, {"2026-01-01": 20, "2026-04-16": 90}),
    )

    assert result.months["mrr"].tolist() == [30, 20, 20, 20]


def test_a_price_agreed_before_the_start_holds_from_the_start() -> None:
    result = found(
        (1, "2026-02-01", None, {"2025-12-01": 10, "2026-01-01": 12}),
    )

    assert moves(result) == [("2026-02", "new", 0, 12)]


def test_what_has_no_rate_is_counted_and_not_added_up() -> None:
    result = found(
        (1, "2026-01-01", None, {"2026-01-01": 1000}),
        (2, "2026-01-01", None, {"2026-01-01": 10}),
        foreign=1,
    )

    assert (result.mrr, result.running, result.no_rate) == (10, 1, 1)


def test_retention_looks_at_who_was_there_a_year_ago() -> None:
    """100 of 40 + 60 then; now 50 of the first, nothing of the second, 7 new."""
    result = found(
        (1, "2025-01-01", None, {"2025-01-01": 40, "2025-09-01": 50}),
        (2, "2025-01-01", "2025-12-31", {"2025-01-01": 60}),
        (3, "2026-01-01", None, {"2026-01-01": 7}),
    )

    assert (result.net_retention, result.gross_retention) == (0.5, 0.4)


def test_without_customers_a_year_ago_there_is_no_retention() -> None:
    result = found((1, "2026-01-01", None, {"2026-01-01": 7}))

    assert (result.net_retention, result.gross_retention) == (None, None)


def test_movements_add_up_to_the_revenue_of_every_month() -> None:
    random = np.random.default_rng(1)
    given: list[Given] = []
    for number in range(300):
        start = date(2020, 1, 1).toordinal() + int(random.integers(0, 2200))
        days = int(random.exponential(500))
        end = date.fromordinal(start + days)
        later = date.fromordinal(start + int(random.integers(1, 400)))
        prices = {
            date.fromordinal(start).isoformat(): float(random.integers(1, 9999)) / 7,
            later.isoformat(): float(random.integers(1, 9999)) / 7,
        }
        ends = end.isoformat() if end < TODAY else None
        given.append((number % 120, date.fromordinal(start).isoformat(), ends, prices))
    result = found(*given)
    months = result.months

    steps = months[list(KINDS)].sum(axis=1)
    assert np.allclose(months["mrr"].diff().iloc[1:], steps.iloc[1:], atol=0.01)
    by_hand = sum(
        [price for day, price in prices.items() if day <= TODAY.isoformat()][-1]
        for _customer, start, end, prices in given
        if end is None and start <= TODAY.isoformat()
    )
    assert result.mrr == pytest.approx(by_hand, abs=0.05)


def test_nothing_in_the_base_currency_is_told() -> None:
    with pytest.raises(NotEnoughData):
        found((1, "2026-01-01", None, {"2026-01-01": 10}), foreign=1)
    with pytest.raises(NotEnoughData):
        found()


def test_what_is_free_moves_nothing() -> None:
    result = found((1, "2026-01-01", None, {"2026-01-01": 0}))

    assert moves(result) == []
    assert result.months["mrr"].tolist() == [0]

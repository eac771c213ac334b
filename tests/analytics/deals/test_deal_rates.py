"""Win rates, cycle times and funnels: by hand, and on real opportunities."""

import pandas as pd
import pytest

from crm.analytics.deals.deal_rates import overall, reasons, win_rates
from crm.analytics.deals.funnel import funnel, furthest
from crm.analytics.deals.stage_times import cycle_time, passages
from crm.errors import NotEnoughData
from tests.analytics.opportunities import crm_sales, made, moved, of_crm_sales, stages

__all__ = ["crm_sales"]


def test_of_what_was_decided_what_was_won() -> None:
    table = made(
        state=["won", "won", "lost", "lost", "lost", "won"],
        source=["web", "web", "web", "fair", "fair", ""],
        amount=[10.0, 20.0, 30.0, 40.0, 50.0, float("nan")],
    )

    found = win_rates(table, "source").set_index("level")

    assert found.loc["web", ["won", "lost", "decided"]].tolist() == [2, 1, 3]
    assert found.loc["web", "share"] == pytest.approx(2 / 3)
    assert found.loc["web", "amount"] == 30
    assert found.loc["fair", "low"] == 0 < found.loc["fair", "high"] < 0.7
    assert found.loc["", "won"] == 1
    assert overall(table)["decided"] == 6


def test_the_reasons_add_up() -> None:
    found = reasons(made(lost_reason=["price", "price", ""]), "lost_reason")

    assert found["reason"].tolist() == ["price", ""]
    assert found["share"].sum() == pytest.approx(1)


def test_a_jumped_stage_was_reached_and_a_lost_one_came_as_far_as_it_came() -> None:
    table = made(state=["won", "lost", "open"], stage_id=[4, 5, 2])
    way = moved(
        (1, "2026-01-01", 1), (1, "2026-01-02", 4),
        (2, "2026-01-01", 1), (2, "2026-01-03", 3), (2, "2026-01-04", 5),
        (3, "2026-01-01", 2),
    )  # fmt: skip
    there = stages("A", "B", "C")

    came = furthest(table, way, there)
    found = funnel(table, came["furthest"], there)

    assert came["furthest"].tolist() == [3, 2, 1]
    assert found["reached"].tolist() == [3, 3, 2, 1]
    assert found["waiting"].tolist() == [0, 1, 0, 0]
    assert found["passed"].tolist()[1:] == pytest.approx([1, 2 / 3, 1 / 2])


def test_no_opportunity_is_no_funnel() -> None:
    nothing = made(state=[])
    with pytest.raises(NotEnoughData):
        funnel(nothing, pd.Series([], dtype="int64"), stages("A"))


def test_a_stay_ends_with_the_next_move_or_goes_on() -> None:
    table = made(state=["lost", "open"])
    way = moved(
        (1, "2026-01-01", 1), (1, "2026-01-04", 2), (1, "2026-01-05", 4),
        (2, "2026-01-10", 1),
    )  # fmt: skip

    found = passages(table, way, stages("A", "B"), as_of=pd.Timestamp("2026-01-20"))

    assert found["days"].tolist() == [3, 1, 10]
    assert found["left"].tolist() == [True, True, False]
    assert found["to_stage_id"].tolist()[:2] == [2, 4]


def test_the_median_stands_within_its_interval() -> None:
    found = cycle_time(pd.Series(range(1, 22)))

    assert (found.low, found.median, found.high) == (6, 11, 16)
    with pytest.raises(NotEnoughData):
        cycle_time(pd.Series([1, 2, 3, 4]))


@pytest.mark.slow
def test_real_opportunities_give_the_figures_worked_out_by_hand(
    crm_sales: pd.DataFrame,
) -> None:
    ended = crm_sales[crm_sales["deal_stage"].isin(["Won", "Lost"])]
    is_won = ended["deal_stage"] == "Won"
    by_agent = is_won.groupby(ended["sales_agent"]).mean()
    days = pd.to_datetime(ended["close_date"]) - pd.to_datetime(ended["engage_date"])
    table = of_crm_sales(crm_sales)
    decided = table[table["state"] != "open"]

    rates = win_rates(decided, "source").set_index("level")["share"]

    assert len(decided) == 6_711
    assert overall(decided)["share"] == pytest.approx(is_won.mean())
    assert overall(decided)["amount"] == ended["close_value"].sum()
    assert rates.sort_index().tolist() == pytest.approx(by_agent.tolist())
    took = (decided["closed_at"] - decided["opened_at"]).dt.days
    assert cycle_time(took).median == days.dt.days.median()
    won = decided["state"] == "won"
    assert cycle_time(took[won]).median == days[is_won].dt.days.median()

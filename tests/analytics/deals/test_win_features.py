"""What was known of an opportunity at a moment, worked out by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.analytics.deals.win_encoding import encoder
from crm.analytics.deals.win_features import described
from crm.analytics.deals.win_landmarks import Past, known, landmarks, today
from tests.analytics import closed_deals
from tests.analytics.closed_deals import LOST, NOW, WON, opportunities, past, planted

START = pd.Timestamp("2026-01-01")


def day(number: float) -> pd.Timestamp:
    return START + pd.Timedelta(days=number)


def one(**columns: Any) -> pd.DataFrame:
    """An opportunity opened on day 0 and won on day 20."""
    usual = {"opened_at": day(0), "closed_at": day(20), "state": "won", "stage_id": WON}
    return opportunities(1, **usual | columns)


def moves(*steps: tuple[float, int], key: int = 1) -> list[dict[str, Any]]:
    """Into which stage on which day."""
    return [
        {
            "opportunity_id": key,
            "at": day(on),
            "from_stage_id": pd.NA,
            "to_stage_id": to,
        }
        for on, to in steps
    ]


def test_an_opportunity_is_looked_at_on_its_way_until_it_ends() -> None:
    table = one()
    whole = past(table, changes=moves((0, 1), (5, 2), (20, WON)))

    rows = landmarks(whole, known(whole, NOW))

    # the opening, an age of 7 days, a stage on day 5; at 30 days it was over
    assert rows["at"].tolist() == [day(0), day(5), day(7)]
    assert rows["is_opening"].tolist() == [True, False, False]
    assert rows["won"].all()


def test_a_stage_that_is_entered_at_a_round_age_is_one_moment() -> None:
    whole = past(one(), changes=moves((0, 1), (7, 2), (20, WON)))

    rows = landmarks(whole, known(whole, NOW))

    assert rows["at"].tolist() == [day(0), day(7)]
    assert rows["won"].all()


@pytest.mark.slow
@pytest.mark.parametrize("changes", [[], moves((20, WON))], ids=["none", "came in won"])
def test_of_what_came_in_when_it_had_ended_only_the_opening_is_known(
    changes: list[dict[str, Any]],
) -> None:
    stated = [{"opportunity_id": 1, "at": day(0), "amount": 9.0, "close_on": day(1)}]
    whole = past(one(), changes=changes, estimates=stated)
    found = known(whole, NOW)

    rows = landmarks(whole, found)
    seen = described(rows, whole, found)

    assert rows["at"].tolist() == [day(0)]
    assert seen[["stage", "amount", "close_passed"]].isna().all(axis=None)


@pytest.mark.slow
def test_what_was_closed_later_is_still_open_on_an_earlier_day() -> None:
    whole = past(one(), changes=moves((0, 1), (5, 2), (20, WON)))

    found = known(whole, day(10))

    assert found.closed.empty
    seen = described(today(found), whole, found).iloc[0]
    assert (seen["stage"], seen["days_open"], seen["days_in_stage"]) == (2 / 3, 10, 5)


def test_times_ahead_or_in_no_order_are_left_out() -> None:
    table = opportunities(
        3,
        opened_at=[NOW + pd.Timedelta(days=1), day(9), day(0)],
        closed_at=[pd.NaT, day(8), day(8)],
        state=["open", "won", "won"],
    )

    found = known(past(table), NOW)

    assert (found.left_out, len(found.closed), len(found.open)) == (2, 1, 0)


@pytest.mark.slow
def test_amount_and_close_date_are_those_stated_by_then() -> None:
    told = [(0, 100.0, 8), (6, 150.0, 8), (9, 150.0, 30)]
    stated = [
        {"opportunity_id": 1, "at": day(at), "amount": amount, "close_on": day(on)}
        for at, amount, on in told
    ]
    table = one(state="open", closed_at=pd.NaT, stage_id=1)
    whole = past(table, changes=moves((0, 1)), estimates=stated)

    seen = [
        described(today(found), whole, found).iloc[0]
        for found in (known(whole, day(on)) for on in (5, 8.5, 9, 40))
    ]

    assert [row["amount"] for row in seen] == [100, 150, 150, 150]
    assert [row["restated"] for row in seen] == [0, 1, 1, 1]
    assert [row["pushed"] for row in seen] == [0, 0, 1, 1]
    assert [row["close_passed"] for row in seen] == [0, 0, 0, 10]


@pytest.mark.slow
def test_owner_and_customer_are_judged_by_what_had_been_closed_before() -> None:
    """Ten imagined ones of the rate of all draw the rate: (1 + 10 × ½) / (1 + 10)."""
    table = opportunities(
        4,
        customer_id=[1, 2, 1, 1],
        owner_id=[1, 2, 1, 1],
        opened_at=[day(0), day(0), day(3), day(0)],
        closed_at=[day(2), day(2), day(9), day(3)],
        state=["won", "lost", "won", "lost"],
    )
    whole = past(table)
    found = known(whole, NOW)

    seen = described(landmarks(whole, found), whole, found)

    third = seen.iloc[2]  # opened at the moment at which the fourth was lost
    assert (third["customer_wins"], third["customer_losses"]) == (1, 0)
    assert third["owner_rate"] == pytest.approx(6 / 11)
    assert np.isnan(seen.iloc[0]["owner_rate"])  # nothing had been closed at all


@pytest.mark.slow
def test_activities_and_next_steps_count_from_when_they_were() -> None:
    table = one(state="open", closed_at=pd.NaT, stage_id=1)
    whole = past(
        table,
        contacted=[
            {"opportunity_id": 1, "at": day(on), "kind": kind}
            for on, kind in ((1, "call"), (2, "task"), (4, "mail"))
        ],
        steps=[
            {"opportunity_id": 1, "made_at": day(2), "done_at": day(6)},
            {"opportunity_id": 1, "made_at": day(8), "done_at": pd.NaT},
        ],
    )

    seen = [
        described(today(found), whole, found).iloc[0]
        for found in (known(whole, day(on)) for on in (0.5, 3, 7, 9))
    ]

    assert [row["activities"] for row in seen] == [0, 1, 2, 2]
    assert [row["quiet"] for row in seen][1:] == [2, 3, 5]
    assert np.isnan(seen[0]["quiet"])
    assert [row["planned"] for row in seen] == [0, 1, 0, 1]
    assert [row["steps_done"] for row in seen] == [0, 0, 1, 1]


@pytest.mark.slow
def test_nothing_later_than_the_moment_is_known() -> None:
    """All that happened after day 300 is made otherwise: what was seen before stays."""
    whole = planted(120)
    cut = NOW - pd.Timedelta(days=430)
    found = known(whole, NOW)
    rows = landmarks(whole, found)
    before = rows[rows["at"] <= cut]

    seen = described(before, whole, found)
    later = otherwise(whole, cut)
    again = described(before, later, known(later, NOW))

    assert len(before) > 30
    pd.testing.assert_frame_equal(again, seen)


def otherwise(whole: Past, cut: pd.Timestamp) -> Past:
    """With other moves, estimates, activities and outcomes after `cut`."""
    ids = whole.opportunities["opportunity_id"]
    after = pd.DataFrame({"opportunity_id": ids, "at": cut + pd.Timedelta(hours=1)})
    table = whole.opportunities
    ended = table["closed_at"] > cut
    flipped = table["state"].map({"won": "lost", "lost": "won"}).where(ended)
    columns = {"competitor": "X", "lost_reason": "price", "won_reason": "price"}
    changed = past(
        table.assign(
            state=flipped.fillna(table["state"]),
            amount=1.0,
            category="commit",
            **columns,
        ),
        changes=pd.concat(
            [whole.changes, after.assign(from_stage_id=1, to_stage_id=3)]
        ).sort_values(["opportunity_id", "at"]),
        estimates=pd.concat(
            [whole.estimates, after.assign(amount=5.0, close_on=cut)]
        ).sort_values(["opportunity_id", "at"]),
        contacted=after.assign(kind="call"),
        steps=after.rename(columns={"at": "made_at"}).assign(done_at=pd.NaT),
    )
    return replace(changed, stages=whole.stages)


@pytest.mark.slow
def test_a_word_that_is_filled_in_at_the_end_is_not_used() -> None:
    won = np.array([True] * 50 + [False] * 50)
    product = ["Basic"] * 45 + [""] * 50 + ["Pro"] * 5
    source = ["fair", "web"] * 50
    table = described_as(product=product, source=source)

    found = encoder(table, table, won)

    assert set(found.features) == {"source"}
    assert "90% of what was won and 10% of what was lost" in str(found.left_out[0])


@pytest.mark.slow
def test_where_nothing_is_entered_no_word_speaks() -> None:
    table = described_as(source=["fair", "web", "fair", "web"] * 20 + [""] * 20)

    found = encoder(table, table, np.array([True, False] * 50))

    z = found.apply(table)
    assert found.features == ("source", "source")
    assert (z[80:] == 0).all()
    assert z[:80].mean(axis=0) == pytest.approx([0, 0])


@pytest.mark.slow
def test_what_is_the_same_for_all_is_left_out() -> None:
    table = described_as()

    assert encoder(table, table, np.array([True, False] * 50)).features == ()


def described_as(**columns: Any) -> pd.DataFrame:
    """A hundred that look the same, but for these columns."""
    table = opportunities(100, state="lost", closed_at=NOW, stage_id=LOST)
    whole = past(table)
    found = known(whole, NOW)
    rows = described(landmarks(whole, found), whole, found)
    return rows.assign(owner_rate=0.5, **columns)


@pytest.mark.slow
def test_stages_are_placed_within_their_own_pipeline() -> None:
    two = pd.concat(
        [closed_deals.stages(2), closed_deals.stages(4).assign(pipeline_id=2)]
    )
    two["stage_id"] = [*range(1, 5), *range(11, 17)]
    whole = past(
        opportunities(2, stage_id=[1, 12]), stages=two, changes=moves((0, 12), key=2)
    )
    found = known(whole, NOW)

    seen = described(today(found), whole, found)

    assert seen["stage"].tolist() == [1 / 2, 2 / 4]
    assert seen["stages"].tolist() == [2, 4]

"""How opportunities stood at moments of the past."""

import pandas as pd
import pytest

from crm.analytics.deals.sales_book import UNKNOWN, book, ended, spells, standing
from crm.frames import ESTIMATES, STAGE_CHANGES, empty
from tests.analytics.sales import NOW, STAGES_OF, Deal, ago, of, opportunities


def test_an_earlier_moment_knows_only_what_was_said_before() -> None:
    deal = Deal(
        100, 10, won=True, proposal=40, said=((100, 500, -20), (30, 800, -5))
    )  # fmt: skip
    known = of(deal)

    first = standing(known, ago(50)).iloc[0]
    later = standing(known, ago(20)).iloc[0]

    assert (first["stage_id"], first["amount"], first["ahead"]) == (1, 500, 30)
    assert (first["age"], first["in_stage"]) == (50, 50)
    assert (later["stage_id"], later["amount"], later["ahead"]) == (2, 800, 15)
    assert (later["age"], later["in_stage"]) == (80, 20)
    assert standing(known, NOW).empty
    assert ended(known, ago(20)).empty


def test_what_was_won_counts_with_its_amount_at_that_time() -> None:
    known = of(Deal(100, 10, won=True, said=((100, 500, None), (5, 900, None))))

    one = ended(known, NOW).iloc[0]

    assert (one["won"], one["amount"], one["closed_at"]) == (True, 500, ago(10))


def test_an_end_that_was_taken_back_is_none() -> None:
    known = of(Deal(100, 60, won=True))
    moves = pd.concat(
        [known.moves, known.moves.iloc[:1].assign(at=ago(30))], ignore_index=True
    )
    again = type(known)(known.opportunities, known.stages, moves, known.estimates)

    assert len(ended(again, ago(40))) == 1
    assert ended(again, NOW).empty
    assert len(standing(again, NOW)) == 1


def test_of_what_came_in_when_it_had_ended_opening_and_end_are_known() -> None:
    table = opportunities(
        {
            "opportunity_id": [1, 2], "stage_id": [3, 1], "state": ["won", "open"],
            "opened_at": [NOW, ago(20)], "closed_at": [ago(30), None],
            "amount": [700.0, 50.0], "close_on": [None, ago(-40)],
            "owner_id": [1, None],
        }
    )  # fmt: skip
    known = book(table, STAGES_OF, empty(STAGE_CHANGES), empty(ESTIMATES))

    assert ended(known, NOW)["amount"].tolist() == [700]
    now = standing(known, NOW)
    assert now[["opportunity_id", "stage_id", "amount", "ahead"]].values.tolist() == [
        [2, 1, 50, 40]
    ]


def test_what_has_no_rate_is_left_out() -> None:
    deals = of(Deal(100, 10, won=True), Deal(50))
    table = deals.opportunities.reset_index().assign(no_rate=[True, False])
    changes = deals.moves.rename(columns={"stage_id": "to_stage_id"}).assign(
        from_stage_id=None
    )

    left = book(table, STAGES_OF, changes, deals.estimates)

    assert ended(left, NOW).empty
    assert standing(left, NOW)["opportunity_id"].tolist() == [2]


def test_spells_last_to_the_end_or_to_the_moment() -> None:
    found = spells(of(Deal(100, 10, proposal=40), Deal(30)), NOW)

    table = found.sort_values(["stage_id", "days"])[["stage_id", "days", "state"]]
    assert table.values.tolist() == [
        [UNKNOWN, 30, "open"], [UNKNOWN, 90, "lost"],
        [1, 30, "open"], [1, 90, "lost"], [2, 30, "lost"],
    ]  # fmt: skip


@pytest.mark.parametrize("moment", [NOW, ago(5000)])
def test_an_empty_book_is_a_book(moment: pd.Timestamp) -> None:
    nothing = book(opportunities([]), STAGES_OF, empty(STAGE_CHANGES), empty(ESTIMATES))

    assert standing(nothing, moment).empty
    assert ended(nothing, moment).empty
    assert spells(nothing, moment).empty

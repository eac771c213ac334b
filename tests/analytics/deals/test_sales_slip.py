"""What is drawn of the past: slips, and what became of amounts."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.deals.sales_book import Book, ended, standing
from crm.analytics.deals.sales_slip import (
    DUE,
    SLOTS,
    UNDATED,
    Deck,
    Past,
    outcomes,
    seen,
)
from tests.analytics.sales import NOW, Deal, of


def past(book: Book) -> Past:
    return outcomes(seen(book, NOW), ended(book, NOW), NOW)


def only_deck(book: Book) -> Deck:
    """What the one open opportunity of `book` draws from."""
    ((deck, rows),) = past(book).decks(standing(book, NOW))
    assert rows.tolist() == [0]
    return deck


def late(slip: float, *, stated: float, final: float) -> list[Deal]:
    """Forty that were open on the first of January, and won `slip` days later than
    stated there: some 20 days ahead."""
    return [
        Deal(
            75, 40 - slip, won=True,
            said=((75, stated, -40), (40 - slip, final, -40)),
        )
        for _n in range(40)
    ]  # fmt: skip


def test_one_that_is_due_draws_the_slips_of_those_that_were() -> None:
    now = Deal(10, said=((10, 900, 20),))

    deck = only_deck(of(*late(12, stated=1000, final=800), now))

    assert (deck.kind, deck.won, deck.is_slip) == (DUE, 40, True)
    assert np.allclose(deck.offsets, 12)
    assert np.allclose(deck.ratios, 0.8)


def test_one_without_a_day_draws_how_long_it_still_took() -> None:
    undated = [Deal(75, 19, won=True, said=((75, 1000, None),)) for _n in range(40)]

    deck = only_deck(of(*undated, Deal(16)))

    assert (deck.kind, deck.is_slip) == (UNDATED, False)
    assert np.allclose(deck.offsets, 40)  # from the first of January


@pytest.mark.slow
def test_of_too_few_like_it_all_count_and_of_none_the_time_that_sales_took() -> None:
    few = late(5, stated=1000, final=1000)[:3]
    assert only_deck(of(*few, Deal(10, said=((10, 1, 20),)))).kind == "any"

    within = [Deal(20, 12, won=True, said=((20, 70, None),))] * 3
    alone = only_deck(of(*within, Deal(5)))
    assert (alone.kind, alone.won) == ("any", 3)
    assert np.allclose(alone.offsets, 8)
    assert np.allclose(alone.amounts, 70)


@pytest.mark.slow
def test_slow_ones_of_late_are_made_up_for_by_those_of_before() -> None:
    """Half take 10 days from each first, half 100; of the last two firsts only the
    quick ones have come. By plain counting the slow would be fewer than half."""
    firsts = pd.date_range(end=NOW, periods=14, freq="MS")[:-1]
    deals = []
    for first in firsts:
        before = (NOW - first).days
        for days in (10, 100):
            deals += [
                Deal(before + 1, before - days if before > days else None, won=True)
            ] * 10

    found = past(of(*deals))

    won = found.rows[found.rows["won"]]
    left, weight = won["left"].to_numpy(), found.weights(won["left"].to_numpy())
    # slow ones are seen on three or four firsts each, with 100, 70, 40 … days left
    slow = weight[left > 90].sum()
    assert (left > 90).sum() < (left < 11).sum() * 0.85
    assert slow == pytest.approx(weight[left == 10].sum(), rel=0.25)


def test_a_deck_has_slots_that_are_equally_likely() -> None:
    quick, slow = (late(slip, stated=1, final=1) for slip in (0, 8))

    deck = only_deck(of(*quick, *slow, Deal(10, said=((10, 900, 20),))))

    assert len(deck.offsets) == SLOTS
    assert deck.offsets.mean() == pytest.approx(4, abs=0.1)
    assert (np.diff(deck.offsets) >= 0).all()

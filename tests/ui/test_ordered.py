"""Customers in an order, and some of them, without a page."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.models import Analysis, utcnow
from crm.ui import insight, ordered

TABLE = pd.DataFrame(
    {
        "customer_id": [1, 2, 3, 4],
        "worth": [5.0, 9.0, 5.0, np.nan],
        "name": list("abcd"),
    }
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Analysis:
    monkeypatch.setattr(insight, "table", lambda _shown, _name: TABLE)
    return Analysis(
        id=1, kind="churn", as_of=date(2026, 1, 31), data_at=utcnow(), summary={}
    )


def test_the_highest_come_first_and_equals_by_their_number(shown: Analysis) -> None:
    found = ordered.customers(shown, "scores", "worth")

    assert found["customer_id"].tolist() == [2, 1, 3, 4]


def test_those_picked_of_the_stored_table_are_found_in_the_order(
    shown: Analysis,
) -> None:
    found = ordered.customers(shown, "scores", "worth")

    is_among = ordered.among(found, np.array([0, 1]))

    assert found["customer_id"][is_among].tolist() == [2, 1]


def test_some_are_counted_summed_up_and_taken_out() -> None:
    kept = ordered.kept(TABLE, TABLE["customer_id"] != 2)

    assert len(kept) == 3
    assert kept.total("worth") == 10  # what is not known is left out
    assert kept.column("name").tolist() == ["a", "c", "d"]
    assert kept.head(2)["customer_id"].tolist() == [1, 3]
    pd.testing.assert_frame_equal(kept.rows(), TABLE.iloc[[0, 2, 3]])

"""The plain weighted pipeline: held against a forecast, or in its place."""

from collections.abc import Collection

import pandas as pd

from crm.analytics.deals.sales_book import Book, standing
from crm.analytics.deals.sales_known import owned

FARTHEST = 36_500  # days that pandas can add to any moment


def weighted(
    book: Book, moment: pd.Timestamp, owners: Collection[int] | None = None
) -> pd.Series | None:
    """The plain weighted pipeline: amount times the probability set for the stage.

    By month of the stated day, what is overdue in the month of `moment`; None where
    nothing open has both an amount and a day.
    """
    open_ = standing(book, moment)
    known = open_["amount"].notna() & open_["ahead"].notna()
    mine = open_[known & owned(open_["owner_id"], owners)]
    if mine.empty:
        return None
    set_by_hand = book.stages.set_index("stage_id")["probability"]
    worth = mine["amount"] * mine["stage_id"].map(set_by_hand).fillna(0.0)
    far = mine["ahead"].clip(0, FARTHEST)
    day = moment.normalize() + pd.to_timedelta(far, unit="D")
    months: pd.Series = worth.groupby(day.dt.to_period("M")).sum()
    return months

"""What a customer is expected to be worth, from the parameters of the process.

Two simplifications: the time to the decision to leave is exponential, with the rate
of orders times the chance to leave after each; and orders come at their rate from the
first day on, where regular customers pause after an order.
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from crm.demo import truths
from crm.demo.baskets import Assortment
from crm.demo.behaviour import Buyers
from crm.demo.calendar import DAYS_A_YEAR, trend
from crm.demo.truths import CANCELLED, FADE, FADE_DAYS

HORIZON = 365  # days
QUARTER = 90
DISCOUNT = math.log(1.1) / DAYS_A_YEAR  # 10 % a year, per day
SENT_BACK = 0.5  # share of the value of an order of which something is sent back


def outlook(
    buyers: Buyers, leaving: Any, assortment: Assortment, day: float
) -> pd.DataFrame:
    """Expectations of each customer on `day` (from the start of the calendar).

    Args:
        leaving: the day of the decision to leave, infinity for none; decisions
            after `day` are not known.

    Returns:
        `order_value` (euro, at today's prices), `orders_365`, `revenue_365` (the
        coming 365 days, net), `orders_90`, `revenue_90` (the coming 90, as if of an
        average season), `lifetime_value` (net, for ever, discounted).
    """
    rate = trend(day + HORIZON / 2) / buyers.gap
    hazard = rate * leave_chance(buyers)
    value = assortment.order_values(buyers.segment, buyers.size)
    net = value * (1 - CANCELLED) * (1 - buyers.return_chance * SENT_BACK)

    remaining = np.clip(leaving + FADE_DAYS - day, 0, FADE_DAYS)
    decided = leaving < day
    soon, quarter = (
        np.where(
            decided,
            FADE * np.minimum(remaining, days),
            days_of_buying(hazard, days),
        )
        for days in (HORIZON, QUARTER)
    )
    quarter = quarter * trend(day + QUARTER / 2) / trend(day + HORIZON / 2)
    ever = np.where(decided, FADE * remaining, discounted_days(hazard))
    return pd.DataFrame(
        {
            "order_value": value,
            "orders_365": rate * soon * (1 - CANCELLED),
            "revenue_365": rate * soon * net,
            "orders_90": rate * quarter * (1 - CANCELLED),
            "revenue_90": rate * quarter * net,
            "lifetime_value": rate * ever * net,
        }
    )


def leave_chance(buyers: Buyers) -> Any:
    """Chance to decide to leave after an order, sent back or not."""
    sent_back = (buyers.leave * truths.RETURN_HAZARD).clip(max=truths.LIKELIEST)
    return buyers.leave + buyers.return_chance * (sent_back - buyers.leave)


def days_of_buying(hazard: Any, horizon: float) -> Any:
    """Expected days within `horizon` at the full rate of orders, fading days by part.

    A customer fades at t if it decided in the `FADE_DAYS` before t.
    """

    def staying(days: float) -> Any:
        return -np.expm1(-hazard * days) / hazard

    before = max(horizon - FADE_DAYS, 0)
    fading = min(FADE_DAYS, horizon) + staying(before) - staying(horizon)
    return staying(horizon) + FADE * fading


def discounted_days(hazard: Any) -> Any:
    """The same without end, a day from now on counted by its present value."""
    staying = 1 / (hazard + DISCOUNT)
    faded = math.exp(-DISCOUNT * FADE_DAYS)
    return staying + FADE * ((1 - faded) / DISCOUNT + (faded - 1) * staying)

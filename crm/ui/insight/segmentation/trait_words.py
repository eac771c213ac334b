"""What sets a cluster apart, in plain words with the figures of both sides."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from crm.analytics.segmentation import profile
from crm.analytics.segmentation.features import FEATURES
from crm.i18n import N_, _, ngettext
from crm.ui.format import number, percent, rounded

WORDS = {  # a feature: more of it, and less, where the medians do not show it
    "recency": (N_("bought longer ago"), N_("bought more recently")),
    "frequency": (N_("buy more often"), N_("buy less often")),
    "monetary": (N_("spend more per order"), N_("spend less per order")),
    "revenue": (N_("bring in more"), N_("bring in less")),
    "tenure": (N_("have been customers for longer"), N_("are newer customers")),
    "products": (N_("buy more kinds of products"), N_("buy fewer kinds of products")),
    "returned": (N_("send more back"), N_("send less back")),
    "gap": (
        N_("let more time pass between orders"),
        N_("order at shorter intervals"),
    ),
    "tickets": (N_("open more tickets"), N_("open fewer tickets")),
}
MANY_TIMES = {  # where the median is a multiple of that of the others
    "frequency": N_(
        "buy {factor} × as often as the others (orders: {median}; others: {rest})"
    ),
    "monetary": N_("spend {factor} × as much per order ({median}; others: {rest})"),
    "revenue": N_("bring in {factor} × as much ({median} each; others: {rest})"),
    "products": N_(
        "buy {factor} × as many different products ({median}; others: {rest})"
    ),
}
LEAST_FACTOR = 1.05  # less is written 1.0 ×
COMPARED = {
    "frequency": N_("buy less often (orders: {median}; others: {rest})"),
    "monetary": N_("spend less per order ({median}; others: {rest})"),
    "revenue": N_("bring in less ({median} each; others: {rest})"),
    "tenure": N_("customers for {median} days (others: {rest})"),
    "products": N_("buy fewer different products ({median}; others: {rest})"),
    "returned": N_("send back {median} of what they buy (others: {rest})"),
    "gap": N_("{median} days between orders (others: {rest})"),
    "tickets": N_("tickets in the last 365 days: {median} (others: {rest})"),
}


def told(
    traits: pd.DataFrame,
    cluster: int,
    labels: Mapping[str, str],
    *,
    at_most: int = 4,
) -> list[str]:
    """What is notable about `cluster`, the largest difference first.

    Args:
        traits: as `crm.analytics.segmentation.profile.traits` gives them.
        labels: of custom fields, by their names.
    """
    notable = profile.notable(traits, cluster, at_most=at_most)
    return [_phrase(row, labels) for row in notable.itertuples(index=False)]


def _phrase(row: Any, labels: Mapping[str, str]) -> str:
    """One trait; medians are told where they show the difference."""
    feature, is_more = row.feature, row.difference > 0
    shown = figure(feature)
    values = {"median": shown(row.median), "rest": shown(row.rest)}
    is_seen = (row.median > row.rest) == is_more and values["median"] != values["rest"]
    if feature not in FEATURES:
        template = _of_custom(is_seen, is_more)
        return template.format(feature=labels.get(feature, feature), **values)
    if not is_seen:
        return _(WORDS[feature][0 if is_more else 1])
    if feature == "recency":
        return _last_order(row.median).format(**values)
    if not is_more or feature not in MANY_TIMES:
        return _(COMPARED[feature]).format(**values)
    if not row.ratio >= LEAST_FACTOR:  # it may be missing
        return _(WORDS[feature][0])
    factor = number(row.ratio, places=1)
    return _(MANY_TIMES[feature]).format(factor=factor, **values)


def _last_order(days: float) -> str:
    return ngettext(
        "last order {median} day ago (others: {rest})",
        "last order {median} days ago (others: {rest})",
        round(days),
    )


def _of_custom(is_seen: bool, is_more: bool) -> str:
    if is_seen:
        return _("{feature}: {median} (others: {rest})")
    return _("{feature}: higher") if is_more else _("{feature}: lower")


def figure(feature: str) -> Callable[[float], str]:
    """How values of a feature are written."""
    if feature in ("monetary", "revenue"):
        return rounded
    if feature == "returned":
        return lambda share: percent(share, places=1)
    places = 0 if feature in ("recency", "tenure", "gap") else 1
    return lambda value: number(value, places=places)

"""Models, notes and reasons in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from crm.analytics.notes import Note
from crm.analytics.reasons import Reason
from crm.i18n import N_, _, ngettext
from crm.ui.format import number, percent, rounded

SHORT = {
    "logistic": N_("Logistic"),
    "forest": N_("Forest"),
    "recency": N_("Recency alone"),
    "base_rate": N_("Chance"),
}
MODELS = {
    "logistic": N_("Logistic regression"),
    "forest": N_("Random forest"),
    "recency": N_("Days since the last order alone"),
    "base_rate": N_("The same for everybody"),
}


def note(kept: Mapping[str, Any]) -> str:
    """A note of an analysis, as it was stored, in the reader's language."""
    return str(Note(kept["text"], kept["values"]))


def reason(one: Reason) -> str:
    """Such as “▲ last order 72 days ago, 3.1 times the usual gap”."""
    sign = "▲" if one.direction == "raises" else "▼"
    return f"{sign} {FACTS[one.theme](one.value, one.second)}"


def _last_order(recency: float, overdue: float) -> str:
    if not recency:
        return _("last order today")
    days = round(recency)
    ago = ngettext("last order {n} day ago", "last order {n} days ago", days)
    told = ago.format(n=number(days))
    if overdue > 1:
        late = _("{ago}, {times} times the usual gap")
        return late.format(ago=told, times=number(overdue, places=1))
    if overdue:
        return _("{ago}, within the usual gap").format(ago=told)
    return told


def _lately(now: float, before: float) -> str:
    if not now:
        none = _("no order in the last 90 days, {before} in the 90 before")
        return none.format(before=number(before))
    some = ngettext(
        "{n} order in the last 90 days, {before} in the 90 before",
        "{n} orders in the last 90 days, {before} in the 90 before",
        round(now),
    )
    return some.format(n=number(now), before=number(before))


def _history(orders: float, days: float) -> str:
    told = ngettext(
        "{n} order in {days} days as a customer",
        "{n} orders in {days} days as a customer",
        round(orders),
    )
    return told.format(n=number(orders), days=number(days))


def _order_value(amount: float, _second: float) -> str:
    return _("{amount} per order on average").format(amount=rounded(amount))


def _products(count: float, _second: float) -> str:
    told = ngettext("{n} different product", "{n} different products", round(count))
    return told.format(n=number(count))


def _returns(share: float, _second: float) -> str:
    if not share:
        return _("nothing sent back")
    return _("{share} of the value sent back").format(share=percent(share))


FACTS: dict[str, Callable[[float, float], str]] = {  # by theme of `churn_features`
    "last_order": _last_order,
    "lately": _lately,
    "history": _history,
    "order_value": _order_value,
    "products": _products,
    "returns": _returns,
}

"""Models, notes and reasons in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from crm.analytics.churn.churn import SCORE
from crm.analytics.churn.churn_choice import NAMES
from crm.analytics.churn.churn_features import FEATURES, GROUPS
from crm.analytics.notes import Note
from crm.analytics.reasons import Reason
from crm.i18n import N_, _, ngettext
from crm.ui.format import country, number, percent, rounded

SHORT = {
    "logistic": N_("Logistic"),
    "boosting": N_("Boosting"),
    "forest": N_("Forest"),
    "svm_linear": N_("Linear SVM"),
    "svm_rbf": N_("RBF SVM"),
    "bg_nbd": N_("BG/NBD"),
    "recency": N_("Recency alone"),
    "base_rate": N_("Chance"),
}
MODELS = NAMES | {
    "recency": N_("Days since the last order alone"),
    "base_rate": N_("The same for everybody"),
}
THEMES = {
    "last_order": N_("Time since the last order"),
    "lately": N_("Orders of the last 180 days"),
    "history": N_("Orders in all, and since when"),
    "order_value": N_("Value of an order"),
    "products": N_("Variety of products"),
    "returns": N_("What was sent back"),
    "tickets": N_("Tickets of the last 180 days"),
    "problems": N_("Problems not solved"),
} | GROUPS
FEATURE_NAMES = FEATURES | GROUPS | {SCORE: N_("Probability (logistic regression)")}
BRIEF = FEATURE_NAMES | {  # for the axis of a chart
    "recency": N_("Time since the last order"),
    "overdue": N_("Time overdue"),
    "sales_90": N_("Orders, last 90 days"),
    "sales_before_90": N_("Orders, 90 days before"),
    "tenure": N_("Time as a customer"),
    "tickets_90": N_("Tickets, last 90 days"),
    "tickets_before_90": N_("Tickets, 90 days before"),
}
KINDS = {"company": N_("company"), "person": N_("person")}


def note(kept: Mapping[str, Any]) -> str:
    """A note of an analysis, as it was stored, in the reader's language."""
    return str(Note(kept["text"], kept["values"]))


def reason(one: Reason) -> str:
    """Such as “▲ last order 72 days ago, 3.1 times the usual gap”."""
    sign = "▲" if one.direction == "raises" else "▼"
    if one.theme in GROUPS:
        return f"{sign} {level(one.theme, one.word)}"
    return f"{sign} {FACTS[one.theme](one.value, one.second)}"


def level(group: str, word: str) -> str:
    """Such as “Sector: Retail”; the word as somebody entered it."""
    return _("{group}: {word}").format(
        group=_(GROUPS[group]), word=entered(group, word)
    )


def entered(group: str, word: str) -> str:
    """A word of a group as it is shown."""
    if not word:
        return _("nothing entered")
    if group == "country":
        return country(word)
    return _(KINDS[word]) if group == "kind" and word in KINDS else word


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


def _tickets(now: float, before: float) -> str:
    told = ngettext(
        "{n} ticket in the last 90 days, {before} in the 90 before",
        "{n} tickets in the last 90 days, {before} in the 90 before",
        round(now),
    )
    return told.format(n=number(now), before=number(before))


def _problems(count: float, _second: float) -> str:
    if not count:
        return _("no problem that is not solved")
    told = ngettext(
        "{n} problem that is not solved",
        "{n} problems that are not solved",
        round(count),
    )
    return told.format(n=number(count))


FACTS: dict[str, Callable[[float, float], str]] = {  # by theme of `churn_features`
    "last_order": _last_order,
    "lately": _lately,
    "history": _history,
    "order_value": _order_value,
    "products": _products,
    "returns": _returns,
    "tickets": _tickets,
    "problems": _problems,
}

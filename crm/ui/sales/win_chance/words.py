"""Models, notes and reasons of the chance to win, in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from crm.analytics.deals.win_features import FEATURES, GROUPS
from crm.analytics.notes import Note
from crm.analytics.reasons import Reason
from crm.i18n import N_, _, ngettext
from crm.ui.format import country, number, percent, rounded

MODELS = {
    "logistic": N_("Logistic regression"),
    "boosting": N_("Gradient boosting"),
    "stage": N_("The stage alone"),
    "base_rate": N_("The same for all"),
}
THEMES = {
    "stage": N_("Stage"),
    "time": N_("Time open, and in the stage"),
    "amount": N_("Amount"),
    "restated": N_("Restatements of the amount"),
    "close_date": N_("Expected close passed or put off"),
    "owner": N_("Earlier win rate of the owner"),
    "customer": N_("Earlier outcomes with the customer"),
    "activity": N_("Activities"),
    "next_step": N_("Next steps"),
} | GROUPS
FEATURE_NAMES = FEATURES | GROUPS
KINDS = {"company": N_("company"), "person": N_("person")}


def note(kept: Mapping[str, Any]) -> str:
    """A note of an analysis, as it was stored, in the reader's language."""
    return str(Note(kept["text"], kept["values"]))


def reason(one: Reason, usual_amount: float | None) -> str:
    """Such as “▲ stage 3 of 4”.

    Args:
        usual_amount: what an amount is held against, base currency.
    """
    sign = "▲" if one.direction == "raises" else "▼"
    if one.theme in GROUPS:
        return f"{sign} {level(one.theme, one.word)}"
    if one.theme == "amount":
        return f"{sign} {_amount(one.value, usual_amount)}"
    return f"{sign} {FACTS[one.theme](one.value, one.second)}"


def level(group: str, word: str) -> str:
    """Such as “Source: referral”; the word as somebody entered it."""
    label = _(GROUPS[group])
    return _("{group}: {word}").format(group=label, word=_entered(group, word))


def _entered(group: str, word: str) -> str:
    if not word:
        return _("nothing entered")
    if group == "country":
        return country(word)
    if group == "customer_kind" and word in KINDS:
        return _(KINDS[word])
    return word


def _amount(amount: float, usual: float | None) -> str:
    told = _("worth {amount}").format(amount=rounded(amount))
    if not usual:
        return told
    times = number(amount / usual, places=1)
    return _("{told}, {times} times the usual").format(told=told, times=times)


def _stage(share: float, places: float) -> str:
    place = number(round(share * places))
    return _("stage {place} of {places}").format(place=place, places=number(places))


def _time(opened: float, in_stage: float) -> str:
    days = round(opened)
    told = ngettext("open for {n} day", "open for {n} days", days)
    return _("{told}, {days} of them in this stage").format(
        told=told.format(n=number(days)), days=number(round(in_stage))
    )


def _restated(times: float, _second: float) -> str:
    if not times:
        return _("amount never restated")
    told = ngettext(
        "amount restated {n} time", "amount restated {n} times", round(times)
    )
    return told.format(n=number(times))


def _close_date(passed: float, pushed: float) -> str:
    if not passed:
        told = _("expected close not passed")
    else:
        days = max(round(passed), 1)
        told = ngettext(
            "expected close passed {n} day ago",
            "expected close passed {n} days ago",
            days,
        ).format(n=number(days))
    if not pushed:
        return told
    off = ngettext("put off {n} time", "put off {n} times", round(pushed))
    return f"{told}, {off.format(n=number(pushed))}"


def _owner(rate: float, _second: float) -> str:
    return _("owner's earlier win rate {rate}").format(rate=percent(rate))


def _customer(wins: float, losses: float) -> str:
    if not wins and not losses:
        return _("nothing closed with the customer before")
    told = _("with the customer before: {wins} won, {losses} lost")
    return told.format(wins=number(wins), losses=number(losses))


def _activity(count: float, quiet: float) -> str:
    if not count:
        return _("no activity so far")
    told = ngettext("{n} activity so far", "{n} activities so far", round(count))
    last = ngettext("the last {n} day ago", "the last {n} days ago", round(quiet))
    counted = told.format(n=number(count))
    return f"{counted}, {last.format(n=number(round(quiet)))}"


def _next_step(planned: float, done: float) -> str:
    told = _("a next step is planned") if planned else _("no next step is planned")
    if not done:
        return told
    return _("{told}, {n} done so far").format(told=told, n=number(done))


FACTS: dict[str, Callable[[float, float], str]] = {  # by theme of `win_features`
    "stage": _stage,
    "time": _time,
    "restated": _restated,
    "close_date": _close_date,
    "owner": _owner,
    "customer": _customer,
    "activity": _activity,
    "next_step": _next_step,
}

"""What movement between groups says, and how it was made, in sentences."""

from datetime import date

import pandas as pd

from crm.analytics.segmentation.features import CUSTOM, RESPONSE
from crm.analytics.segmentation.migration import NOT_YET
from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui.format import day, number, percent
from crm.ui.insight.segmentation import cluster_words

Flow = tuple[int, int]  # the group before and the group after


def group(shown: Analysis, number_of: int) -> str:
    """What a group is called."""
    if number_of == NOT_YET:
        return _("no order yet")
    if shown.summary["method"] == "rfm":
        names: list[str] = shown.summary["groups"]
        return _(names[number_of - 1])
    return cluster_words.title(number_of)


def flow(shown: Analysis, one: Flow) -> str:
    """“loyal → at risk”, or “loyal, stayed”."""
    before, after = one
    if before == after:
        return _("{group}, stayed").format(group=group(shown, before))
    return f"{group(shown, before)} → {group(shown, after)}"


def days(shown: Analysis) -> tuple[str, str]:
    """The two days."""
    return day(date.fromisoformat(shown.parameters["since"])), day(shown.as_of)


def basis(shown: Analysis) -> str:
    """How many customers, on which days."""
    since, until = days(shown)
    words = ngettext(
        "{count} customer with orders, {since} and {until}.",
        "{count} customers with orders, {since} and {until}.",
        shown.summary["customers"],
    )
    count = number(shown.summary["customers"])
    return words.format(count=count, since=since, until=until)


def conclusion(shown: Analysis, flows: pd.DataFrame) -> str:
    """How many stayed, and the largest move among those who did not."""
    if shown.summary["stayed"] is None:
        return _("Nobody had ordered by the first day, so nobody could move.")
    words = _("{share} of the customers of the first day are in the same group.")
    told = words.format(share=percent(shown.summary["stayed"]))
    moved = flows[(flows["before"] != flows["after"]) & (flows["before"] != NOT_YET)]
    if moved.empty:
        return told
    largest = moved.loc[moved["customers"].idxmax()]
    most = _("The most who moved, {count}, went from “{before}” to “{after}”.").format(
        count=number(int(largest["customers"])),
        before=group(shown, int(largest["before"])),
        after=group(shown, int(largest["after"])),
    )
    return f"{told} {most}"


def how(shown: Analysis) -> list[str]:
    """How the movement was found."""
    sentences = [_(FROZEN), _(RFM) if shown.summary["method"] == "rfm" else _(MODEL)]
    custom = {n for n in shown.summary["features"] if n.startswith(CUSTOM)}
    if custom - {RESPONSE}:
        sentences.append(_(NO_HISTORY))
    return sentences


HINT = N_(
    "Click the mark on a flow, or a line of the table, to see its customers. Flows of "
    "less than 1% of the customers have no mark; they are in the table."
)
FROZEN = N_(
    "Both days are assigned by the same frozen model, so a customer whose figures have "
    "not changed cannot change group."
)
RFM = N_("The cut points are the same on both days.")
MODEL = N_("Scales and centres are those that were kept; nothing is fitted anew.")
NO_HISTORY = N_("Custom fields have no history: today's values count on both days.")

"""What segments, scores and features mean, in plain words."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from crm.analytics.notes import Note
from crm.analytics.segmentation.rfm_rules import Range, Rule
from crm.i18n import N_, _, ngettext
from crm.ui.format import number, plain

MEANINGS = {  # of the segments that the usual rules name
    "champions": N_("Bought lately and often. Show them what is new first."),
    "loyal": N_("Buy often, last time not long ago. Thank them, ask what they miss."),
    "potential loyal": N_("Bought lately, not yet often. Offer what goes with it."),
    "new": N_("Few orders, the last one lately. Help them to a good start."),
    "promising": N_("Few orders, the last one not long ago. Remind them of you."),
    "need attention": N_("In the middle, and quieter now. Give a reason to return."),
    "about to sleep": N_("Few orders, and none for a while. Make one good offer."),
    "can't lose them": N_("Bought very often, but not for a long time. Call them."),
    "at risk": N_("Bought often, but not for a long time. Ask what went wrong."),
    "lost": N_("The fewest orders, the longest ago. Not worth much effort."),
    "hibernating": N_("Few orders, long ago. Only what costs next to nothing."),
}


def heading(title: str, customers: int) -> None:
    """Draw what a picture shows, and of how many customers."""
    count = ngettext("{n} customer", "{n} customers", customers)
    told = count.format(n=number(customers))
    st.markdown(f"**{plain(title)}** · {plain(told)}")


def note(kept: Mapping[str, Any]) -> str:
    """A note of an analysis, as it was stored, in the reader's language."""
    return str(Note(kept["text"], kept["values"]))


def scores(range_: Range | None) -> str:
    """“4–5”, or “5”; “any” where every score will do."""
    if range_ is None:
        return _("any")
    first, last = range_
    return str(first) if first == last else f"{first}–{last}"


def rules(kept: Iterable[Rule]) -> list[tuple[str, str, str, str]]:
    """The rules as rows: segment, then the scores of R, F and M."""
    return [
        (_(rule.segment), scores(rule.r), scores(rule.f), scores(rule.m))
        for rule in kept
    ]

"""The chance of one record, for its own page: beside the base rate, with reasons."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from crm import db
from crm.analytics.reasons import Reason, reasons
from crm.i18n import N_, _
from crm.models import Action, Analysis
from crm.services import analyses
from crm.ui import access, insight
from crm.ui.format import bold, day, percent, plain
from crm.ui.insight.model_evidence import figures

NO_SIGNAL = N_("No signal in your history")


@dataclass(frozen=True)
class RecordCard:
    """What a card says of a kind of record, in words to be translated.

    Attributes:
        kind: of the analysis whose table `scores` has the chances.
        column: of that table, with the ids of the records.
        key: of the card.
        title: draws the heading, a link to the whole.
        chance, of_all: say a chance and the base rate, as `{share}`.
        absent: why a record is not among the scores.
        reason: a reason of this analysis, in words.
    """

    kind: str
    column: str
    key: str
    title: Callable[[], None]
    chance: str
    of_all: str
    absent: str
    reason: Callable[[Reason, Analysis], str]


def show(card: RecordCard, record_id: int, stored: Decimal | float | None) -> None:
    """The card of one record; `stored` with it is its chance (0 to 1), which is told
    where no analysis is in reach.
    """
    actor = access.current()
    if not actor.may(Action.READ, "analysis"):
        return
    with db.reading(actor) as session:
        shown = analyses.of_now(session, card.kind)
    if shown is None and stored is None:
        return
    with st.container(border=True, gap="xsmall", key=card.key):
        with st.container(horizontal=True, vertical_alignment="center"):
            card.title()
            if shown is not None:
                st.caption(day(shown.as_of), width="content")
        if shown is None:
            _chance(card, float(stored or 0))
            return
        if shown.summary["why_not"] is not None:
            st.markdown(bold(_(NO_SIGNAL)))
            _of_all(card, shown)
        else:
            _scored(card, shown, record_id)


def _scored(card: RecordCard, shown: Analysis, record_id: int) -> None:
    scores = insight.table(shown, "scores")
    found = scores[scores[card.column] == record_id]
    if found.empty:
        st.caption(plain(_(card.absent)))
        _of_all(card, shown)
        return
    [row] = found.to_dict("records")
    _chance(card, float(row["probability"]))
    _of_all(card, shown)
    for one in reasons(row):
        st.caption(plain(card.reason(one, shown)))


def _chance(card: RecordCard, chance: float) -> None:
    figures.chance(_(card.chance).format(share=percent(chance)), chance)


def _of_all(card: RecordCard, shown: Analysis) -> None:
    rate = figures.rate(shown.summary["base_rate"])
    st.caption(plain(_(card.of_all).format(share=rate)))

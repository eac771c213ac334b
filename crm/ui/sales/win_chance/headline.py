"""The conclusion first: how much will be won, or that nobody can tell."""

from typing import Any

import streamlit as st

from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import number, percent, plain, rounded
from crm.ui.insight.model_evidence import figures
from crm.ui.sales.win_chance import words


def show(shown: Analysis) -> None:
    """How many will be won and what of that is known, or “no signal”."""
    if shown.summary["why_not"] is not None:
        _no_signal(shown)
    else:
        _expected(shown)
    for note in shown.summary["notes"]:
        st.warning(plain(words.note(note)), icon=":material/info:")


def _no_signal(shown: Analysis) -> None:
    st.subheader(_("No signal in your history"))
    st.info(plain(words.note(shown.summary["why_not"])), icon=":material/info:")
    closed, won = shown.summary["counts"]["closed"]
    if not closed:
        return
    told = _(
        "So no opportunity gets a probability of its own. Of {closed} that are closed, "
        "{won} were won, {rate} by a 95% interval. That is all that can be said of the "
        "{open} open ones."
    )
    counts = {"closed": closed, "won": won, "open": shown.summary["counts"]["open"]}
    numbers = {name: number(one) for name, one in counts.items()}
    rate = figures.rate(shown.summary["base_rate"])
    st.markdown(plain(told.format(rate=rate, **numbers)))
    with st.grid(4, min_column_width=150):
        _base_rate(shown)
        if auc := _auc(shown, "now"):
            figures.ranking(auc, _(RANKING))


def _expected(shown: Analysis) -> None:
    scores = insight.table(shown, "scores")
    wins, amount = float(scores["probability"].sum()), float(scores["expected"].sum())
    told = ngettext(
        "About {wins} of {open} open opportunity will be won",
        "About {wins} of {open} open opportunities will be won",
        len(scores),
    )
    counts = {"wins": number(round(wins)), "open": number(len(scores))}
    st.subheader(plain(told.format(**counts)))
    is_known = bool(scores["amount"].notna().any())
    with st.grid(4, min_column_width=150):
        st.metric(
            _("Expected amount"),
            rounded(amount) if is_known else "–",
            border=True,
            help=_("Each amount times its probability, summed up."),
        )
        _base_rate(shown)
        if auc := _auc(shown, "now"):
            figures.ranking(auc, _(RANKING))
        if auc := _auc(shown, "opening"):
            figures.ranking(auc, _(RANKING), _("AUC at the opening"))
    st.markdown(plain(_quality(shown)))


def _base_rate(shown: Analysis) -> None:
    base = shown.summary["base_rate"]
    st.metric(
        _("Base rate"),
        percent(base["value"]),
        border=True,
        help=_(
            "Share won of all that is closed. 95% interval (Wilson): {low} to {high}."
        ).format(
            low=percent(base["low"], places=1), high=percent(base["high"], places=1)
        ),
    )


def _auc(shown: Analysis, landmark: str) -> dict[str, float] | None:
    judged: dict[str, Any] = shown.summary[landmark]
    return judged[shown.summary["best"]]["auc"] if judged else None


def _quality(shown: Analysis) -> str:
    auc = _auc(shown, "now") or {}
    judged, won = shown.summary["counts"]["judged"]
    plain_auc = shown.summary["now"]["stage"]["auc"]
    told = _(
        "Checked on {judged} opportunities that were closed later ({won} won): of 100 "
        "pairs of one that was won and one that was lost, {right} were ranked rightly "
        "(95% interval {low} to {high}). By the stage alone it would be {plain}, by "
        "lot 50."
    )
    return told.format(
        judged=number(judged),
        won=number(won),
        right=figures.of_100(auc["value"]),
        low=figures.of_100(auc["low"]),
        high=figures.of_100(auc["high"]),
        plain=figures.of_100(plain_auc["value"]),
    )


RANKING = N_(
    "Chance that what was won was ranked above what was lost: 0.5 is by lot, 1 without "
    "a fault. 95% interval: {low} to {high}."
)

"""The conclusion first: how well leads can be told apart, or that they cannot."""

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import bold, number, percent, plain
from crm.ui.insight.model_evidence import figures
from crm.ui.sales.lead_score import words


def show(shown: Analysis) -> None:
    """What the scores are worth, or “no signal”; the base rate either way."""
    counts, why_not = shown.summary["counts"], shown.summary["why_not"]
    if why_not is not None:
        st.markdown(bold(_("No signal in your history")))
        st.info(plain(words.note(why_not)), icon=":material/info:")
        st.markdown(plain(_no_scores(shown)))
    with st.grid(4, min_column_width=150):
        st.metric(_("Ended leads"), number(counts["ended"][0]), border=True)
        _base_rate(shown)
        if judged := shown.summary["judged"]:
            figures.ranking(judged["model"]["auc"], _(RANKING))
        st.metric(_("Open leads"), number(counts["open"]), border=True)
    if why_not is None:
        st.markdown(plain(_quality(shown)))
    for note in shown.summary["notes"]:
        st.warning(plain(words.note(note)), icon=":material/info:")


def _no_scores(shown: Analysis) -> str:
    ended, converted = shown.summary["counts"]["ended"]
    if not ended:
        return _("So no lead gets a score.")
    told = _(
        "So no lead gets a score. Of {ended} that have ended, {converted} were "
        "converted, {rate} by a 95% interval. That is all that can be said of the "
        "{open} open ones."
    )
    return told.format(
        ended=number(ended),
        converted=number(converted),
        rate=figures.rate(shown.summary["base_rate"]),
        open=number(shown.summary["counts"]["open"]),
    )


def _base_rate(shown: Analysis) -> None:
    base = shown.summary["base_rate"]
    if base is None:
        st.metric(_("Base rate"), "–", border=True)
        return
    told = _("Share converted of all that have ended. 95% interval (Wilson): {rate}.")
    ends = (percent(base[end], places=1) for end in ("low", "high"))
    st.metric(
        _("Base rate"),
        percent(base["value"]),
        border=True,
        help=plain(told.format(rate=" – ".join(ends))),
    )


def _quality(shown: Analysis) -> str:
    judged = shown.summary["judged"]
    count, converted = shown.summary["counts"]["judged"]
    auc = judged["model"]["auc"]
    told = _(
        "Checked on {count} leads that ended later ({converted} converted): of 100 "
        "pairs of a converted and a disqualified one, {right} were ranked rightly "
        "(95% interval {low} to {high}). By the source alone it would be {plain}, by "
        "lot 50."
    )
    return told.format(
        count=number(count),
        converted=number(converted),
        right=figures.of_100(auc["value"]),
        low=figures.of_100(auc["low"]),
        high=figures.of_100(auc["high"]),
        plain=figures.of_100(judged["source"]["auc"]["value"]),
    )


RANKING = N_(
    "Chance that a converted lead was ranked above a disqualified one: 0.5 is by lot, "
    "1 without a fault. 95% interval: {low} to {high}."
)

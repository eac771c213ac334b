"""The conclusion first: how many, what is at stake, how good the ranking was."""

from datetime import date
from typing import Any

import streamlit as st

from crm.analytics.churn.churn_choice import SCORED
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import day, number, percent, plain, rounded
from crm.ui.insight.churn import words
from crm.ui.insight.model_evidence import figures


def by_model(shown: Analysis) -> str:
    """The headline; gives the model that the user has chosen."""
    place = st.container()
    model = _choice(shown)
    with place:
        scores = insight.table(shown, f"scores_{model}")
        expected = float(scores["probability"].sum())
        st.subheader(plain(_conclusion(shown, expected)))
        _figures(shown, model, expected, float(scores["at_risk"].sum()))
        st.markdown(plain(_quality(shown, model)))
        for note in shown.summary["notes"]:
            st.warning(plain(words.note(note)), icon=":material/info:")
    return model


def by_rule(shown: Analysis) -> None:
    """Why there are no probabilities, and what there is instead."""
    st.subheader(_("Too little has happened yet to predict who leaves"))
    for note in (shown.summary["why_rule"], *shown.summary["notes"]):
        st.info(plain(words.note(note)), icon=":material/info:")
    st.markdown(
        plain(
            _(
                "Below, customers stand by how long ago their last order is, measured "
                "in their usual gaps between two orders."
            )
        )
    )


def _choice(shown: Analysis) -> str:
    best = shown.summary["best"]
    known = [name for name in SCORED if name in shown.summary["models"]]
    labels = {name: _(words.MODELS[name]) for name in known}
    labels[best] = _("{model} (best)").format(model=labels[best])
    chosen = st.segmented_control(
        _("Model"),
        list(labels),
        default=best,
        required=True,
        format_func=labels.__getitem__,
        key=f"churn_model_{shown.id}",
        help=_("The best one predicted later customers with the least surprise."),
    )
    return str(chosen or best)


def _conclusion(shown: Analysis, expected: float) -> str:
    told = _(
        "About {count} of {customers} customers ({share}) will not order in the {days} "
        "days after {day}"
    )
    customers = shown.summary["customers"]
    return told.format(
        count=number(round(expected)),
        customers=number(customers),
        share=percent(expected / customers),
        days=number(shown.summary["horizon"]),
        day=day(shown.as_of),
    )


def _figures(shown: Analysis, model: str, expected: float, at_risk: float) -> None:
    customers, left = shown.summary["judged_from"]
    with st.grid(4, min_column_width=150):
        st.metric(
            _("Expected not to order"),
            number(round(expected)),
            border=True,
            help=_("The sum of all probabilities."),
        )
        st.metric(
            _("Revenue at risk"),
            rounded(at_risk),
            border=True,
            help=_("Revenue of the last 180 days times the probability, summed up."),
        )
        st.metric(
            _("Base rate"),
            percent(left / customers),
            border=True,
            help=_("So many did not order in the {days} days up to {day}.").format(
                days=number(shown.summary["horizon"]), day=day(shown.as_of)
            ),
        )
        figures.ranking(shown.summary["models"][model]["auc"], _(RANKING))


def _quality(shown: Analysis, model: str) -> str:
    judged: dict[str, Any] = shown.summary["models"]
    auc, plain_auc = judged[model]["auc"], judged["recency"]["auc"]
    judged_on = date.fromisoformat(shown.summary["judged_on"])
    told = _(
        "Checked on {customers} customers as they were on {day}, whose outcome is "
        "known: of 100 pairs of one who left and one who stayed, {right} were ranked "
        "rightly (95% interval {low} to {high}). By the days since the last order "
        "alone it would be {plain}, by chance 50."
    )
    return told.format(
        customers=number(shown.summary["judged_from"][0]),
        day=day(judged_on),
        right=figures.of_100(auc["value"]),
        low=figures.of_100(auc["low"]),
        high=figures.of_100(auc["high"]),
        plain=figures.of_100(plain_auc["value"]),
    )


RANKING = N_(
    "Chance that one who left was ranked above one who stayed: 0.5 is chance, 1 "
    "without a fault. 95% interval: {low} to {high}."
)

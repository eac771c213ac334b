"""The conclusion first: how many buy, how much it brings, how it was last time."""

from datetime import date
from typing import Any

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address
from crm.ui.format import day, number, percent, plain, rounded
from crm.ui.insight.churn import words as churn_words
from crm.ui.insight.model_evidence import figures
from crm.ui.insight.purchase import words


def show(shown: Analysis) -> str:
    """The headline; gives the model of amounts that the user has chosen."""
    place = st.container()
    model = _choice(shown)
    with place:
        st.subheader(plain(_conclusion(shown, model)))
        _figures(shown, model)
        st.markdown(plain(_last_time(shown, model)))
        st.caption(plain(_by_chance(shown, model)))
        for note in shown.summary["notes"]:
            st.warning(plain(churn_words.note(note)), icon=":material/info:")
    return model


def _choice(shown: Analysis) -> str:
    best = shown.summary["best_amount"]
    labels = {name: _(words.AMOUNTS[name]) for name in shown.summary["accuracies"]}
    labels[best] = _("{model} (best)").format(model=labels[best])
    chosen = address.menu(
        _("Amounts by"), labels, "purchase_model", usual=best, width=300
    )
    st.caption(
        _(
            "The best one had the smallest deviance on later customers: see the table "
            "below. Any other can be looked at."
        )
    )
    return chosen


def _conclusion(shown: Analysis, model: str) -> str:
    told = _(
        "About {count} of {customers} customers will buy in the {days} days after "
        "{day}, and bring about {amount}"
    )
    return told.format(
        count=number(round(shown.summary["buyers"]["value"])),
        customers=number(shown.summary["customers"]),
        days=number(shown.summary["horizon"]),
        day=day(shown.as_of),
        amount=rounded(shown.summary["totals"][model]["value"]),
    )


def _figures(shown: Analysis, model: str) -> None:
    summary: dict[str, Any] = shown.summary
    ratio = summary["accuracies"][model]["ratio"]
    chance = summary["chances"][summary["best_chance"]]
    with st.grid(4, min_column_width=150):
        st.metric(
            _("Expected buyers"),
            number(round(summary["buyers"]["value"])),
            border=True,
            help=_("The sum of all probabilities."),
        )
        st.metric(
            _("Expected revenue"),
            rounded(summary["totals"][model]["value"]),
            border=True,
            help=_("Net of what is sent back; without customers yet to come."),
        )
        st.metric(
            _("Predicted / actual"),
            f"{ratio['value']:.2f}",
            border=True,
            help=_(
                "The sum of the amounts one horizon ago by what then came: 1 is "
                "right. 95% interval: {low} to {high}."
            ).format(
                low=f"{ratio['low']:.2f}",
                high=f"{ratio['high']:.2f}",
            ),
        )
        figures.ranking(chance["auc"], _(RANKING))


def _last_time(shown: Analysis, model: str) -> str:
    summary: dict[str, Any] = shown.summary
    amounts = summary["accuracies"][model]
    told = _(
        "One horizon ago, on {day}, the same models expected {expected} buyers and "
        "{amount}. Then {came} bought, and brought {brought}; the tenth of the "
        "customers predicted highest brought {share} of it."
    )
    return told.format(
        day=day(date.fromisoformat(summary["judged_on"])),
        expected=number(round(summary["expected_then"])),
        amount=rounded(amounts["predicted"]),
        came=number(summary["judged_from"][1]),
        brought=rounded(amounts["actual"]),
        share=percent(amounts["top_share"]["value"]),
    )


def _by_chance(shown: Analysis, model: str) -> str:
    buyers, total = shown.summary["buyers"], shown.summary["totals"][model]
    told = _(
        "If only chance were at work: {few} to {many} buyers and {low} to {high} (90% "
        "intervals). A season, a price or a trend that moves all of them comes on top: "
        "how far, the figures of last time show."
    )
    return told.format(
        few=number(round(buyers["low"])),
        many=number(round(buyers["high"])),
        low=rounded(total["low"]),
        high=rounded(total["high"]),
    )


RANKING = N_(
    "Chance that one who bought was ranked above one who did not: 0.5 is chance, 1 "
    "without a fault. 95% interval: {low} to {high}."
)

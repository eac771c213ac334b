"""How a sales forecast was made, in sentences and with what it has learned."""

import pandas as pd
import streamlit as st

from crm.analytics.deals import (
    sales_arrivals,
    sales_back_test,
    sales_chances,
    sales_slip,
)
from crm.analytics.deals.sales_forecast import DRAWS
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import insight
from crm.ui.format import number, percent, plain
from crm.ui.sales.sales_forecast.words import SLIPS


def sentences(shown: Analysis) -> list[str]:
    """What counts, chances, days, new ones, the test, limits."""
    facts = shown.summary
    told = [_(text) for text in COUNTED]
    if facts.get("refused"):
        return told
    told.append(
        _(KNOWN).format(
            closed=number(facts["closed"]),
            won=number(facts["won"]),
            open=number(facts["open"]),
            draws=number(DRAWS),
        )
    )
    told += [
        _(CHANCES).format(weight=number(sales_chances.WEIGHT)),
        _(SLIPPED).format(least=number(sales_slip.LEAST)),
        _(NEW).format(months=number(sales_arrivals.MONTHS)),
        _(PAST).format(
            months=number(sales_back_test.MONTHS), lately=number(sales_back_test.LATELY)
        ),
    ]
    for name, (one, many) in MISSING.items():
        if count := facts[name]:
            told.append(_(one if count == 1 else many).format(n=number(count)))
    return [*told, _(LIMITS)]


def learned(shown: Analysis) -> None:
    """Chances by stage beside those set by hand, and how dates slipped."""
    if shown.summary.get("refused"):
        return
    with st.expander(_("What was learned from the past"), icon=":material/school:"):
        _stages(insight.table(shown, "stages"))
        _slips(insight.table(shown, "slips"))


def _stages(stages: pd.DataFrame) -> None:
    named = stages[stages["stage"] != ""].reset_index(drop=True)
    if named.empty:
        return
    table = pd.DataFrame(
        {
            "pipeline": named["pipeline"],
            "stage": named["stage"],
            "closed": named["closed"],
            "won": named["won"],
            "chance": [percent(one) for one in named["chance"]],
            "set": [percent(one) for one in named["probability"]],
        }
    )
    text, count = st.column_config.TextColumn, st.column_config.NumberColumn
    if (table["pipeline"] == table["pipeline"].iloc[0]).all():
        table = table.drop(columns="pipeline")
    st.dataframe(
        table,
        key="sales_stages",
        hide_index=True,
        height="content",
        column_config={
            "pipeline": text(_("Pipeline")),
            "stage": text(_("Stage"), pinned=True),
            "closed": count(_("Closed since")),
            "won": count(_("Won")),
            "chance": text(_("Chance learned"), alignment="right"),
            "set": text(_("Probability set by hand"), alignment="right"),
        },
    )


def _slips(slips: pd.DataFrame) -> None:
    for _index, row in slips.sort_values("won", ascending=False).iterrows():
        label = SLIPS[row["kind"]]
        words = _(
            "Drawn from {n} sightings of won ones, {kind}; a quarter up to {p25}, "
            "half up to {median}, three quarters up to {p75}."
        ).format(
            n=number(row["won"]),
            kind=_(label),
            p25=number(row["p25"]),
            median=number(row["median"]),
            p75=number(row["p75"]),
        )
        st.markdown("- " + plain(words))


COUNTED = (
    N_(
        "Amounts are in the book currency, at the rate of each opportunity; what is "
        "won counts in the month in which it was closed, with its amount at that time."
    ),
)
KNOWN = N_(
    "{closed} opportunities that were closed, {won} of them won, and {open} that are "
    "open; {draws} futures are drawn."
)
CHANCES = N_(
    "The chance of an open opportunity is that of the model of the win probability "
    "where there is one, else of those that were in its stage for as long as it is "
    "(Aalen and Johansen: what is still open counts as far as it has come), smoothed "
    "as if {weight} more had gone as all go. How wrong a learned chance may be is "
    "drawn too."
)
SLIPPED = N_(
    "When it closes is drawn from won opportunities that stood on the first of a past"
    " month with a day as far ahead, or overdue, or without a day, in the same stage:"
    " how much later than stated they were won, and what became of their amount. "
    "Groups of fewer than {least} give way to wider ones. Slow ones of late, which "
    "cannot have been seen yet, are made up for by those of before."
)
NEW = N_(
    "Opportunities that are not open yet come as in the last {months} whole months, "
    "with their ups and downs; growth and season are not looked at."
)
PAST = N_(
    "The test goes through the last {months} months: everything as it stood on the "
    "first, and a history that ended there, with chances of the stages alone. Nothing"
    " is tuned by it. The weighted pipeline is amount times probability of the stage "
    "as set today, by expected day; the mean is that of the last {lately} months."
)
MISSING = {
    "without_amount": (
        N_("{n} open one has no amount: it draws one from won ones like it."),
        N_("{n} open ones have no amount: each draws one from won ones like it."),
    ),
    "without_day": (
        N_("{n} open one has no expected day: its age counts instead."),
        N_("{n} open ones have no expected day: their age counts instead."),
    ),
    "by_model": (
        N_("{n} open one has a chance by the model of the win probability."),
        N_("{n} open ones have a chance by the model of the win probability."),
    ),
}
LIMITS = N_(
    "Opportunities are drawn independently of each other, so that a month which is "
    "good or bad for all of them is not in the intervals; the test on the past shows "
    "how much that matters."
)

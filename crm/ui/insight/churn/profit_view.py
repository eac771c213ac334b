"""What acting would have brought, with the user's own costs."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from crm.analytics.churn import profit as analytics
from crm.analytics.churn.profit import Costs, Profit
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, charts, insight
from crm.ui.format import number, percent, plain, rounded
from crm.ui.insight.churn import profit_chart

WORTHS = {"share": N_("Share of its revenue"), "flat": N_("An amount")}


@dataclass(frozen=True)
class Asked:
    """Costs, and the worth of a kept customer: an amount, or a share of revenue."""

    costs: Costs
    is_share: bool
    worth: float


def show(shown: Analysis, model: str) -> None:
    """Inputs that act at once on the customers judged on, the curve, the best line."""
    customers = insight.table(shown, "judged")
    asked = _asked()
    found = _found(shown, model, asked)
    st.markdown(f"**{plain(_conclusion(found))}**")
    st.markdown(plain(_compared(found)))
    if asked.is_share:
        told = _(BY_WORTH).format(profit=rounded(found.by_worth))
        st.markdown(plain(told))
    charts.show(
        profit_chart.figure(found, pays_from(asked, customers)),
        key="churn_profit",
        alt=_("Profit by the probability from which on customers are acted on"),
        x=_("Acted on from this probability on"),
        y=_("Profit, base currency"),
    )
    st.caption(plain(_(HOW).format(customers=number(found.customers[0]))))
    _use(shown, found)


def pays_from(asked: Asked, customers: pd.DataFrame) -> float:
    """Where acting on the customer of mean worth pays: cost / (chance × worth)."""
    mean = float(customers["revenue_180"].mean()) if asked.is_share else 1.0
    gain = asked.costs.keep * asked.worth * mean
    return min(asked.costs.action / gain, 1.0) if gain > 0 else 1.0


def _asked() -> Asked:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cost = _number(_("Cost of acting on one customer"), "cost", 10.0, 1.0, 210)
        keep = st.slider(
            _("Chance that it keeps a leaver"),
            0,
            100,
            20,
            format="%d%%",
            key="churn_keep",
            persist_state="session",
            width=230,
        )
        kind = address.choice(_("A kept customer is worth"), WORTHS, "churn_worth")
        if kind == "flat":
            worth = _number(_("Amount"), "amount", 200.0, 10.0, 140)
        else:
            label = _("Percent of the revenue of 180 days")
            worth = _number(label, "percent", 50.0, 5.0, 240) / 100
    return Asked(Costs(cost, keep / 100), kind == "share", worth)


def _number(label: str, name: str, usual: float, step: float, width: int) -> float:
    given = st.number_input(
        label,
        min_value=0.0,
        max_value=1e9,
        value=usual,
        step=step,
        key=f"churn_{name}",
        persist_state="session",
        width=width,
    )
    return float(given or 0)


@st.cache_data(
    max_entries=64, show_spinner=False, hash_funcs={Analysis: insight.identity}
)
def _found(shown: Analysis, model: str, asked: Asked) -> Profit:
    table = insight.table(shown, "judged")
    revenue = table["revenue_180"].astype("float64")
    worth = revenue * asked.worth if asked.is_share else revenue * 0 + asked.worth
    churned, p = table["churned"].to_numpy(), table[model].to_numpy(dtype="float64")
    return analytics.profit(churned, p, worth.to_numpy(), asked.costs)


def _conclusion(found: Profit) -> str:
    if found.profit.value <= 0:
        return _("With these costs it is best to act on nobody.")
    everybody, acted = found.customers
    told = _(
        "Best was to act on who was at least {share} likely to leave ({low} to "
        "{high}): {acted} of {customers} customers, a profit of {profit} ({least} to "
        "{most})."
    )
    return told.format(
        share=percent(found.best.value),
        low=percent(min(found.best.low, 1)),
        high=percent(min(found.best.high, 1)),
        acted=number(acted),
        customers=number(everybody),
        profit=rounded(found.profit.value),
        least=rounded(found.profit.low),
        most=rounded(found.profit.high),
    )


def _compared(found: Profit) -> str:
    told = _(
        "Acting on everybody: {everybody}; on nobody: {nobody}. Chosen on one half of "
        "the customers and counted on the other, so that luck does not flatter it: "
        "{elsewhere}."
    )
    return told.format(
        everybody=rounded(found.everybody),
        nobody=rounded(0),
        elsewhere=rounded(found.elsewhere),
    )


def _use(shown: Analysis, found: Profit) -> None:
    if found.best.value > 1 or found.profit.value <= 0:
        return
    label = _("Show today's customers from {share} on")
    st.button(
        plain(label.format(share=percent(found.best.value))),
        icon=":material/filter_alt:",
        key="churn_use",
        on_click=_narrow,
        args=[f"churn_probability_{shown.id}", round(100 * found.best.value)],
    )


def _narrow(slider: str, low: int) -> None:
    st.session_state[slider] = (low, 100)


BY_WORTH = N_(
    "Customers differ in worth: acting instead on whoever's probability × chance × "
    "worth is more than the cost would have brought {profit}."
)
HOW = N_(
    "Counted on {customers} customers whose outcome is known. The green mark is the "
    "highest point, the band its 95% interval from 200 drawings of the customers; the "
    "dashed line is cost / (chance × mean worth), where acting should begin to pay if "
    "the probabilities are right. That acting keeps a share of leavers is your "
    "assumption: only a hold-out can tell."
)

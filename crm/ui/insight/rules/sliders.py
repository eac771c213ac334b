"""Narrow a stored result: nothing is computed anew."""

from itertools import takewhile
from typing import cast

import streamlit as st

from crm.i18n import N_, _
from crm.ui import address
from crm.ui.insight.rules.figures import ratio, share
from crm.ui.insight.rules.result import Bounds, Chosen, Found, Side, narrow

LIFTS = (
    *(0, 1, 1.1, 1.2, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70),
    *(100, 150, 200, 300, 500),
)
QS = [0.001, 0.01, 0.05, 0.1, 0.2, 1]
STEPS = (1, 1.5, 2, 3, 5, 7)
SIDES = {  # the keys are a `Side`
    "either": N_("Either side"),
    "left": N_("Left"),
    "right": N_("Right"),
}
RANKS = {
    "p_value": N_("Evidence against chance (p-value)"),
    "lift_low": N_("Lift, at the lower end of its interval"),
    "confidence_low": N_("Confidence, at the lower end of its interval"),
    "support": N_("Support"),
}


def show(found: Found) -> Chosen:
    """The sliders, and what they leave."""
    rules = found.rules
    with st.grid(4, min_column_width=150, gap="medium"):
        q = _q()
        support = _ladder(
            _("Support at least"),
            supports(rules["support"].min(), rules["support"].max()),
            "rules_support",
            _("Share of all baskets that hold all products of the rule."),
        )
        confidence = _ladder(
            _("Confidence at least"),
            confidences(rules["confidence"].min(), rules["confidence"].max()),
            "rules_confidence",
            _("Of the baskets with the left side: share with the right side too."),
        )
        lift = _lift(rules["lift"].max())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text, side, rank, shorter = _text(), _side(), _rank(), _shorter()
    bounds = Bounds(support, confidence, lift, q, text, side, shorter, rank)
    return narrow(found, bounds)


def supports(low: float, high: float) -> list[float]:
    """Shares from `low` to `high`, closer together where they are small."""
    steps = [step * 10**power / 1e5 for power in range(6) for step in STEPS]
    return [0.0, *(step for step in steps if low < step <= high)]


def confidences(low: float, high: float) -> list[float]:
    """Shares from `low` to `high` in steps of 5%."""
    return [0.0, *(n / 20 for n in range(1, 21) if low < n / 20 <= high)]


def lifts(high: float) -> list[float]:
    """Ratios up to `high`, closer together where they are small."""
    return list(takewhile(lambda lift: lift <= max(high, 1), LIFTS))


def _ladder(label: str, options: list[float], key: str, help_: str) -> float:
    if len(options) == 1:
        options = [*options, options[0] + 1]  # a slider needs somewhere to go
    return address.step(
        label,
        options,
        key,
        usual=options[0],
        in_words=lambda value: share(value) if value else _("any"),
        help=help_,
    )


def _lift(high: float) -> float:
    return address.step(
        _("Lift at least"),
        lifts(high),
        "rules_lift",
        usual=0,
        in_words=lambda value: ratio(value) if value else _("any"),
        help=_(
            "How many times as often the right side is bought with the left side as "
            "in all baskets; 1 is no connection."
        ),
    )


def _q() -> float:
    return address.step(
        _("False discoveries at most"),
        QS,
        "rules_q",
        usual=0.05,
        in_words=lambda value: share(value) if value < 1 else _("no limit"),
        help=_(
            "The share of rules that may be there by chance alone, over all rules "
            "that could have been found (q-value of Benjamini and Hochberg)."
        ),
    )


def _text() -> str:
    return (
        st.text_input(
            _("Product"),
            key="rules_text",
            bind="query-params",
            placeholder=_("Name or SKU …"),
            icon=":material/search:",
            width=240,
        )
        or ""
    )


def _side() -> Side:
    return cast(Side, address.choice(_("On which side"), SIDES, "rules_side"))


def _shorter() -> bool:
    return st.toggle(
        _("Also longer rules that add nothing"),
        key="rules_shorter",
        bind="query-params",
        help=_(
            "Where A → B holds, A + C → B holds for any C. Such a rule is shown only "
            "here, unless C makes B likelier by more than chance."
        ),
    )


def _rank() -> str:
    ranks = {name: _(label) for name, label in RANKS.items()}
    return address.menu(
        _("Best first by"), ranks, "rules_rank", usual="p_value", width=260
    )

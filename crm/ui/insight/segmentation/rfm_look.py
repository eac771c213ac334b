"""How to score, and what the grid shows: the choices above the pictures."""

from dataclasses import dataclass

import streamlit as st

from crm.analytics.segmentation.rfm_scores import BINS
from crm.i18n import N_, _
from crm.ui import address

MONEY = {"mean": N_("Mean per order"), "total": N_("Total")}
COLOURS = {"customers": N_("Customers"), "value": N_("Mean value")}


@dataclass(frozen=True)
class Look:
    """What is chosen.

    `money` and `colour` are keys of `MONEY` and `COLOURS`; `m` is the score of
    monetary that the grid is narrowed to, None for all.
    """

    bins: int
    money: str
    colour: str
    m: int | None

    @property
    def total(self) -> bool:
        return self.money == "total"


def look() -> Look:
    """Draw the choices; they are in the address."""
    with st.container(horizontal=True, gap="medium"):
        bins = st.segmented_control(
            _("Scores"),
            list(BINS),
            default=5,
            required=True,
            key="rfm_scores",
            bind="query-params",
        )
        money = address.choice(_("Monetary"), MONEY, "rfm_money")
        colour = address.choice(_("Colour of the grid"), COLOURS, "rfm_colour")
        bins = int(bins or 5)
        every = {"all": N_("All")} | {str(m): str(m) for m in range(1, bins + 1)}
        m = address.choice(_("Grid for monetary score"), every, "rfm_m")
    return Look(bins, money, colour, None if m == "all" else int(m))

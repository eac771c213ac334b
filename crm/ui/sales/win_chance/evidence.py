"""How far to trust it: curves and figures from opportunities closed later."""

from datetime import date

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, charts, insight
from crm.ui.format import day, number, plain
from crm.ui.sales.win_chance import behind, comparison, curves, marks

LANDMARKS = {"now": N_("On their way"), "opening": N_("At their opening")}


def show(shown: Analysis) -> None:
    """Two charts whose marks open what is behind them, and a table of all models."""
    landmark = address.choice(_("Judged as they stood"), LANDMARKS, "win_at")
    judged, won = shown.summary["counts"][
        "judged" if landmark == "now" else "at_opening"
    ]
    counts = {"judged": number(judged), "won": number(won)}
    day_ = day(date.fromisoformat(shown.summary["split_on"]))
    st.markdown(plain(_(ABOUT[landmark]).format(day=day_, **counts)))
    if not shown.summary[landmark]:
        st.info(
            plain(_("Too few of them to judge by.")), icon=":material/hourglass_empty:"
        )
        return
    first, second = st.columns(2, gap="medium")
    with first:
        _reliability(shown, landmark)
    with second:
        _lift(shown, landmark)
    if mark := marks.marked("reliability"):
        behind.of_group(shown, landmark, mark)
    elif mark := marks.marked("lift"):
        behind.of_first(shown, landmark, mark)
    comparison.show(shown, landmark)


def _reliability(shown: Analysis, landmark: str) -> None:
    charts.titled(
        _("Do the probabilities come true?"),
        _("Each point is a tenth, its bar the 95% interval. Click it to see them."),
    )
    table = insight.table(shown, f"reliability_{landmark}")
    mine = table[table["model"] == shown.summary["best"]]
    marks.chart(
        curves.reliability(mine),
        name="reliability",
        alt=_("Predicted probabilities against actual shares"),
        x=_("Predicted probability"),
        y=_("Share that was won"),
    )


def _lift(shown: Analysis, landmark: str) -> None:
    charts.titled(
        _("How much better than by lot?"),
        _("Taken from the likeliest on. Click a point to see the first so many."),
    )
    marks.chart(
        curves.lift(
            insight.table(shown, f"gains_{landmark}"), str(shown.summary["best"])
        ),
        name="lift",
        alt=_("Lift by share of opportunities taken"),
        x=_("Share taken"),
        y=_("Lift, times the share won of all"),
    )


ABOUT = {
    "now": N_(
        "From {judged} opportunities that were closed since {day} ({won} won), at each "
        "moment since then at which they entered a stage or reached an age. The models "
        "had learned from what was closed before."
    ),
    "opening": N_(
        "From {judged} opportunities that were opened and closed since {day} ({won} "
        "won), as they stood when they were opened: before anything had happened."
    ),
}

"""One customer: what the model would say were it otherwise."""

from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.analytics.churn import churn_what_if as what_if
from crm.analytics.churn.churn_features import GROUPS
from crm.i18n import N_, _
from crm.models import Analysis
from crm.services import list_values
from crm.services.fields import Kind
from crm.ui import access, insight, navigation
from crm.ui.format import label, percent, plain
from crm.ui.insight.churn import what_if_controls, words

OFFERED = 100  # the first by revenue at risk
KEY = "churn_customer"
LINEAR = "logistic"  # its coefficients are stored


def show(shown: Analysis) -> None:
    """A customer to choose, its features to change, the probability that follows."""
    customer_id = _choice(shown)
    if customer_id is None:
        return
    known = _customer(shown, customer_id)
    coefficients = insight.table(shown, "coefficients")
    key = f"churn_if_{shown.id}_{customer_id}"
    changes = what_if_controls.changes(known, coefficients, key)
    changed = what_if.changed(known, changes) if changes else known
    before, after = (
        what_if.probability(coefficients, shown.summary["intercept"], one)
        for one in (known, changed)
    )
    _told(before, after)
    st.caption(plain(_(NO_CAUSE)))
    with st.container(horizontal=True):
        if changes:
            st.button(
                _("As it is"),
                icon=":material/restart_alt:",
                key=f"{key}_reset",
                on_click=_reset,
                args=[f"churn_if_{shown.id}"],
            )
        navigation.link(
            "customer", _("Open the customer"), icon=":material/person:", id=customer_id
        )


def _reset(key: str) -> None:
    """Undo the changes to the customer that is chosen now."""
    what_if_controls.reset(f"{key}_{st.session_state[KEY]}")


def _choice(shown: Analysis) -> int | None:
    """From the first of the ranking, and whom the address names; None: nobody."""
    scores = insight.table(shown, "scores_logistic")
    first = scores.nlargest(OFFERED, "at_risk")["customer_id"].tolist()
    if (named := _named(scores)) is not None and named not in first:
        first.insert(0, named)
    with db.reading(access.current()) as session:
        names = list_values.names(session, Kind.CUSTOMER, first)
    options = [one for one in first if one in names]
    if not options:
        st.info(_("None of them is in your reach any more."))
        return None
    if st.session_state.get(KEY) not in options:
        st.session_state[KEY] = named if named in options else options[0]
    chosen: int = st.selectbox(
        _("Customer"),
        options,
        format_func=lambda one: label(names[one], one),
        key=KEY,
        help=_("The first hundred by revenue at risk."),
        width=420,
    )
    st.query_params[KEY] = str(chosen)
    return chosen


def _named(scores: pd.DataFrame) -> int | None:
    """Whom the address names, if it was scored."""
    given = str(st.query_params.get(KEY, ""))
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        return None
    found = int(given)
    return found if (scores["customer_id"] == found).any() else None


def _customer(shown: Analysis, customer_id: int) -> dict[str, Any]:
    table = insight.table(shown, "features")
    [row] = table[table["customer_id"] == customer_id].to_dict("records")
    return {
        str(name): value if name in GROUPS else float(value)
        for name, value in row.items()
    }


def _told(before: float, after: float) -> None:
    points = 100 * (after - before)
    told = _("{points} points").format(points=f"{points:+.1f}")
    with st.container(horizontal=True):
        st.metric(
            _("Probability of no order, as it is"),
            percent(before, places=1),
            border=True,
            width=250,
            help=_(words.MODELS[LINEAR]),
        )
        st.metric(
            _("Were it so"),
            percent(after, places=1),
            delta=told if abs(points) >= 0.05 else None,
            delta_color="inverse",
            border=True,
            width=250,
        )


NO_CAUSE = N_(
    "It is what the logistic regression says of customers who are like that, exactly; "
    "not what would happen if you made this one so: association, not cause. Beyond "
    "the range that it has seen, the end of the range counts."
)

"""The conclusion first: how much will come, and how sure that is."""

import streamlit as st

from crm.analytics.forecast import periods
from crm.i18n import _
from crm.ui import period_words
from crm.ui.format import day, percent, plain
from crm.ui.insight.churn.words import note
from crm.ui.insight.forecast.series import Chosen, label


def show(chosen: Chosen) -> None:
    """How much in sum, with its interval; what came before; what to keep in mind."""
    st.subheader(plain(_conclusion(chosen)))
    st.markdown(plain(_interval(chosen)))
    st.caption(plain(_until(chosen)))
    if chosen.rank is None:
        said = chosen.shown.summary["totals"][f"{chosen.unit} {chosen.measure}"]
        for kept in said["notes"]:
            st.info(plain(note(kept)), icon=":material/info:")


def _conclusion(chosen: Chosen) -> str:
    last = chosen.of("expected", chosen.one["series"]).iloc[-1]
    facts = {
        "span": period_words.following(chosen.steps, chosen.unit),
        "amount": chosen.about(last["total"]),
    }
    if chosen.rank is not None:
        told = _("{group}: about {amount} in {span}")
        return told.format(group=label(chosen.one), **facts)
    if chosen.measure == "revenue":
        return _("About {amount} of revenue in {span}").format(**facts)
    return _("About {amount} in {span}").format(**facts)


def _interval(chosen: Chosen) -> str:
    expected = chosen.of("expected", chosen.one["series"])
    last = expected.iloc[-1]
    ends = {
        end: chosen.about(last[f"total_{end}"])
        for end in ("low_80", "high_80", "low_95", "high_95")
    }
    told = _(
        "{span}: between {low_80} and {high_80} with a chance of 80%, between {low_95} "
        "and {high_95} with one of 95%, if the time to come is like the past."
    ).format(
        span=period_words.span(expected["period"].iloc[0], last["period"], chosen.unit),
        **ends,
    )
    return f"{told} {_before(chosen)}"


def _before(chosen: Chosen) -> str:
    """What came in as many periods before, and in the same ones a year ago."""
    values = chosen.of("history", chosen.one["series"])["value"].to_numpy()
    lately = _("In {span} it was {amount}.").format(
        span=period_words.before(chosen.steps, chosen.unit),
        amount=chosen.amount(values[-chosen.steps :].sum()),
    )
    year = {"day": 364, "week": 52, "month": 12}[chosen.unit]
    if len(values) < year:
        return lately
    then = values[-year : len(values) - year + chosen.steps].sum()
    if not then > 0:
        return lately
    expected = chosen.of("expected", chosen.one["series"])["total"].iloc[-1]
    told = _("Against the same time a year ago ({amount}) it would be {change}.")
    change = percent(expected / then - 1)
    signed = change if expected < then else f"+{change}"
    return f"{lately} " + told.format(amount=chosen.amount(then), change=signed)


def _until(chosen: Chosen) -> str:
    last = chosen.of("history", chosen.one["series"])["period"].iloc[-1]
    told = _(
        "Whole {unit} only: the last one known ended on {day}; one that is not over is "
        "left out."
    )
    unit = _(periods.WORDS[chosen.unit])
    return told.format(unit=unit, day=day(periods.last_day(last, chosen.unit)))

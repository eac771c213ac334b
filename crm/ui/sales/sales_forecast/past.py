"""The forecast as it would have stood on the first of past months, and what came."""

import pandas as pd
import streamlit as st

from crm.analytics.deals.sales_back_test import LATELY, MONTHS
from crm.config import settings
from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.models.words import told
from crm.ui import address, charts, insight
from crm.ui.format import number, percent, plain, rounded
from crm.ui.sales.sales_forecast import chart, records
from crm.ui.sales.sales_forecast.chosen import period_name
from crm.ui.sales.sales_forecast.words import SPANS


def show(shown: Analysis) -> None:
    """A sentence, a picture, and both tables; of everyone together."""
    if why := shown.summary.get("refused"):
        st.info(plain(told(why)), icon=":material/info:")
        return
    if records.is_refused(shown):
        return
    span = int(address.choice(_("Forecast of"), SPANS, "sales_span"))
    tried = insight.table(shown, "tried")
    tried = tried[tried["months"] == span].reset_index(drop=True)
    judged = insight.table(shown, "judged")
    if tried.empty:
        st.info(_("None of the last months can be tried: too little was known before."))
        return
    one = judged[judged["months"] == span].iloc[0]
    st.markdown(plain(f"{_conclusion(one)} {_compared(one, tried)} {_shared(span)}"))
    _skipped(shown.summary["skipped"])
    charts.show(
        chart.past(tried),
        key="sales_past",
        alt=_("Intervals said on the first of each month, and what came"),
        x=_("From the first of"),
        y=_("Won, {currency}").format(currency=settings().currency),
        height=340,
    )
    _table(tried)
    _judged(judged)


def _conclusion(one: pd.Series) -> str:
    return _(
        "The interval of 80 % has held what came {held} of {tried} times: {share} "
        "(between {low} and {high}, if the months are like others)."
    ).format(
        held=number(one["held"]),
        tried=number(one["tried"]),
        share=percent(one["coverage"]),
        low=percent(one["low"]),
        high=percent(one["high"]),
    )


def _compared(one: pd.Series, tried: pd.DataFrame) -> str:
    """Its error beside those of the simplest forecasts."""
    told = _(
        "P50 was off by {mae} on average; the mean of the last {n} months by {recent}."
    ).format(mae=rounded(one["mae"]), n=LATELY, recent=rounded(one["mae_recent"]))
    if count := int(tried["weighted"].notna().sum()):
        words = ngettext(
            "Where there was a weighted pipeline ({n} time), it was off by {plain}, "
            "P50 by {p50}.",
            "Where there was a weighted pipeline ({n} times), it was off by {plain}, "
            "P50 by {p50}.",
            count,
        )
        told += " " + words.format(
            n=number(count),
            plain=rounded(one["mae_weighted"]),
            p50=rounded(one["mae_beside"]),
        )
    if one["mae_recent"] < one["mae"] or one["mae_weighted"] < one["mae_beside"]:
        told += " " + _("A simpler forecast was nearer than the simulation.")
    return told


def _shared(span: int) -> str:
    if span == 1:
        return ""
    return _("Neighbouring rows share months, so that they tell less than as many.")


def _skipped(count: int) -> None:
    if count:
        words = ngettext(
            "{n} of the last {months} months could not be tried: too little was known "
            "before it.",
            "{n} of the last {months} months could not be tried: too little was known "
            "before them.",
            count,
        )
        st.caption(plain(words.format(n=number(count), months=MONTHS)))


def _table(tried: pd.DataFrame) -> None:
    names = [period_name("month", day.date()) for day in tried["period"]]
    amounts = ["p10", "p50", "p90", "actual", "weighted", "recent"]
    table = tried[amounts].round(0).assign(
        period=names, held=tried["held"], open=tried["open"]
    )  # fmt: skip
    kinds = st.column_config
    labels = {
        "p10": _("P10"), "p50": _("P50"), "p90": _("P90"), "actual": _("What came"),
        "weighted": _("Weighted pipeline"), "recent": _("Mean of the last months"),
    }  # fmt: skip
    columns = ["period", "p10", "p50", "p90", "actual", "held", *amounts[4:], "open"]
    st.dataframe(
        table[columns].dropna(axis=1, how="all"),
        key="sales_tried",
        placeholder="–",
        hide_index=True,
        height="content",
        column_config={
            "period": kinds.TextColumn(_("From the first of"), pinned=True),
            "held": kinds.CheckboxColumn(_("Held")),
            "open": kinds.NumberColumn(_("Open then")),
        }
        | {
            name: kinds.NumberColumn(label, format="localized")
            for name, label in labels.items()
        },
    )


def _judged(judged: pd.DataFrame) -> None:
    spans = [_(SPANS[str(span)]) for span in judged["months"]]
    table = pd.DataFrame(
        {
            "span": spans,
            "held": [
                f"{number(held)} / {number(tried)}"
                for held, tried in zip(judged["held"], judged["tried"], strict=True)
            ],
            "coverage": [percent(one) for one in judged["coverage"]],
            "interval": [
                f"{percent(low)} – {percent(high)}"
                for low, high in zip(judged["low"], judged["high"], strict=True)
            ],
        }
        | {
            name: judged[name].round(0)
            for name in ("mae", "mae_recent", "mae_weighted")
        }
    )
    text, amount = st.column_config.TextColumn, st.column_config.NumberColumn
    st.dataframe(
        table.dropna(axis=1, how="all"),
        key="sales_judged",
        placeholder="–",
        hide_index=True,
        height="content",
        column_config={
            "span": text(_("Forecast of"), pinned=True),
            "held": text(_("Held"), alignment="right"),
            "coverage": text(_("Share held"), alignment="right"),
            "interval": text(_("95 % interval of it (Wilson)"), alignment="right"),
            "mae": amount(_("Mean error of P50"), format="localized"),
            "mae_recent": amount(
                _("Of the mean of the last months"), format="localized"
            ),
            "mae_weighted": amount(_("Of the weighted pipeline"), format="localized"),
        },
    )

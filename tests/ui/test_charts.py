"""Charts say what pages say, and nothing that a stranger slipped into a name."""

from base64 import b64decode
from datetime import date
from struct import pack

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from crm.i18n import language
from crm.ui.chart_look import dressed
from crm.ui.charts import _picked

LINK = "<a href='https://elsewhere.example'>Contoso</a>"
SHOWN_AS_TYPED = "&lt;a href='https://elsewhere.example'>Contoso&lt;/a>"


def test_a_name_on_an_axis_is_no_link() -> None:
    fig = dressed(go.Figure(go.Bar(x=[LINK], y=[1])))

    assert list(fig.data[0].x) == [SHOWN_AS_TYPED]


def test_the_name_of_a_series_is_no_link() -> None:
    fig = dressed(go.Figure(go.Bar(x=[1], y=[1], name=LINK)))

    assert fig.data[0].name == SHOWN_AS_TYPED


def test_a_title_keeps_its_line_break_and_loses_its_link() -> None:
    fig = dressed(go.Figure(layout={"title": f"Orders<br>{LINK}"}))

    assert fig.layout.title.text == f"Orders<br>{SHOWN_AS_TYPED}"


def test_a_hover_text_keeps_what_the_page_wrote() -> None:
    template = "%{x}<br><b>%{y}</b><extra></extra>"

    fig = dressed(go.Figure(go.Bar(x=[1], y=[1], hovertemplate=template)))

    assert fig.data[0].hovertemplate == template


def test_what_looks_like_an_entity_is_shown_as_it_was_typed() -> None:
    fig = dressed(go.Figure(go.Bar(x=["AT&amp;T", "AT&T"], y=[1, 2])))

    assert list(fig.data[0].x) == ["AT&amp;amp;T", "AT&T"]


def test_numbers_arrive_as_they_were() -> None:
    fig = dressed(go.Figure(go.Scatter(x=pd.Series([1, 2]), y=pd.Series([0.5, 0.25]))))

    sent = fig.data[0].y
    assert (sent["dtype"], b64decode(sent["bdata"])) == ("f8", pack("<2d", 0.5, 0.25))


def test_axes_are_titled() -> None:
    fig = dressed(go.Figure(), x="Recency (days)", y="Amount (€)")

    titles = (fig.layout.xaxis.title.text, fig.layout.yaxis.title.text)
    assert titles == ("Recency (days)", "Amount (€)")


@pytest.mark.parametrize(("code", "numbered"), [("en", False), ("zh_CN", True)])
def test_months_are_numbers_where_plotly_has_no_names(
    code: str, numbered: bool
) -> None:
    months = pd.date_range("2026-01-01", periods=3, freq="MS")

    with language(code):
        fig = dressed(go.Figure(go.Scatter(x=months, y=[1, 2, 3])))

    assert bool(fig.layout.xaxis.tickformatstops) is numbered


def test_plain_days_are_dates_too() -> None:
    with language("zh_CN"):
        fig = dressed(go.Figure(go.Scatter(x=[date(2026, 1, 1)], y=[1])))

    assert fig.layout.xaxis.tickformatstops


@pytest.mark.parametrize("customdata", [7, [7, "x"], {"0": 7, "1": "x"}])
def test_a_picked_point_gives_its_id(customdata: object) -> None:
    selection = {"points": [{"customdata": customdata}], "box": [], "lasso": []}

    assert _picked(selection).ids == [7]


def test_a_chart_shows_on_a_page() -> None:
    def page() -> None:
        import plotly.graph_objects as go
        import streamlit as st

        from crm.ui import charts

        fig = go.Figure(go.Scatter(x=[1], y=[2], customdata=[7]))
        charts.show(fig, key="seen", alt="One point")
        st.text(f"{charts.pick(fig, key='picked', alt='One point').ids}")

    app = AppTest.from_function(page).run()

    assert [text.value for text in app.text] == ["[]"]

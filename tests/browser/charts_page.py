"""A page of charts, as pages draw them, for `test_charts.py`."""

import plotly.graph_objects as go
import streamlit as st

from crm.ui import charts

NAME = "<a href='https://elsewhere.example'>Contoso</a>"

cloud = go.Scattergl(x=[1, 2, 9], y=[1, 2, 9], customdata=[11, 12, 19], mode="markers")
lassoed = charts.pick(go.Figure(cloud), key="cloud", alt="Three customers")
st.text(f"Lassoed: {sorted(lassoed.ids)}")

bars = go.Bar(x=[NAME, "Fabrikam"], y=[1, 2], customdata=[[7], [8]], name=NAME)
clicked = charts.pick(go.Figure(bars), key="bars", alt="Two customers")
st.text(f"Clicked: {clicked.ids}")

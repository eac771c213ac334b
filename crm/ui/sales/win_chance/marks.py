"""Charts whose marks open the records behind them; the mark is in the address."""

import plotly.graph_objects as go
import streamlit as st

from crm.i18n import _
from crm.ui import charts

KEY = "win_mark"


def chart(
    fig: go.Figure, *, name: str, alt: str, x: str = "", y: str = "", height: int = 320
) -> None:
    """A chart of which one mark is picked by a click; each has its own id.

    Args:
        name: of the chart, by which its marks are told from those of others.
    """
    fig.update_layout(dragmode="pan")  # else Streamlit would have points lassoed
    turn = st.session_state.get(f"{KEY}_turn", 0)
    key = f"win_{name}_{turn}"
    picked = charts.pick(fig, key=key, alt=alt, x=x, y=y, height=height)
    if not picked.ids:
        return
    mark, seen = f"{name}:{picked.ids[0]}", f"{key}_seen"
    if st.session_state.get(seen) != mark:  # an earlier click of another chart stays
        st.session_state[seen] = mark
        st.query_params[KEY] = mark


def marked(name: str) -> str | None:
    """The id of the mark of that chart which is open; None where none is."""
    chart_name, _colon, mark = str(st.query_params.get(KEY, "")).partition(":")
    return mark if chart_name == name and mark else None


def close() -> None:
    """A button that closes what is open."""
    st.button(_("Close"), icon=":material/close:", key="win_close", on_click=forget)


def forget() -> None:
    """Nothing is picked any more, in no chart."""
    st.session_state[f"{KEY}_turn"] = st.session_state.get(f"{KEY}_turn", 0) + 1
    if KEY in st.query_params:
        del st.query_params[KEY]

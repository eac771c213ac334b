"""Where one score ends and the next begins: by quantiles, or as the user likes."""

from math import floor, log10

import streamlit as st

from crm.analytics.segmentation.rfm_scores import Cuts
from crm.config import settings
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Analysis
from crm.ui.format import number, plain
from crm.ui.insight.segmentation import stored
from crm.ui.insight.segmentation.rfm_look import Look

OWN = "rfm_own"  # in the session: the user's cut points by the key of their field


def cuts(shown: Analysis, look: Look) -> Cuts | None:
    """The cut points, editable; None, and why, while they make no sense."""
    usual = stored.usual_cuts(shown, look.bins, look.total)
    own: dict[str, float] = st.session_state.setdefault(OWN, {})
    with st.expander(_("Cut points"), icon=":material/tune:"):
        columns = st.columns(3, gap="medium")
        points = {
            "recency": _fields(columns[0], "recency", usual.recency, look),
            "frequency": _fields(columns[1], "frequency", usual.frequency, look),
            "monetary": _fields(columns[2], "monetary", usual.monetary, look),
        }
        st.button(
            _("Back to the quantiles"),
            icon=":material/restart_alt:",
            key="rfm_reset",
            on_click=own.clear,
            disabled=not own,
        )
    try:
        return Cuts(**points)
    except Invalid as error:
        st.error(plain(error), icon=":material/block:")
        return None


def in_words(cuts: Cuts) -> str:
    """The cut points in one line."""
    return " · ".join(
        f"{letter} {_joined(points)}"
        for letter, points in zip(
            "RFM", (cuts.recency, cuts.frequency, cuts.monetary), strict=True
        )
    )


def _fields(
    place: st.delta_generator.DeltaGenerator,
    measure: str,
    usual: tuple[float, ...],
    look: Look,
) -> tuple[float, ...]:
    """A number per cut point of one measure, the usual ones below."""
    letter, title = _titles(look)[measure]
    with place:
        st.markdown(f"**{plain(title)}**")
        with st.grid(2, min_column_width=110):
            points = [
                _field(measure, position, usual, look, letter)
                for position in range(len(usual))
            ]
        st.caption(plain(_("By quantiles: {points}").format(points=_joined(usual))))
    return tuple(points)


def _field(
    measure: str, position: int, usual: tuple[float, ...], look: Look, letter: str
) -> float:
    money = look.money if measure == "monetary" else ""
    key = f"rfm_{measure}{money}_{look.bins}_{position}"
    st.session_state[key] = st.session_state[OWN].get(key, usual[position])
    is_reversed = measure == "recency"
    score = look.bins - 1 - position if is_reversed else position + 2
    value = st.number_input(
        _("{letter} {score} from").format(letter=letter, score=score),
        step=_step(usual) if measure == "monetary" else 1.0,
        format="%.2f" if measure == "monetary" else "%.0f",
        key=key,
        on_change=_edited,
        args=[key],
    )
    return float(value)


def _edited(key: str) -> None:
    st.session_state[OWN][key] = float(st.session_state[key])


def _titles(look: Look) -> dict[str, tuple[str, str]]:
    money = {
        "mean": _("Mean order value, {currency}"),
        "total": _("Revenue, {currency}"),
    }[look.money]
    return {
        "recency": ("R", _("Days since the last order")),
        "frequency": ("F", _("Orders")),
        "monetary": ("M", money.format(currency=settings().currency)),
    }


def _step(points: tuple[float, ...]) -> float:
    """A round step, about a twentieth of the largest point."""
    largest = max(abs(points[-1]), 0.2)
    return max(float(10 ** floor(log10(largest / 10))), 0.01)


def _joined(points: tuple[float, ...]) -> str:
    return " / ".join(number(point, places=2) for point in points)

"""Choices that are part of the page's address, by names that no language changes.

Streamlit's own binding would put the translated labels into the address, and a link
would mean nothing to a reader of another language.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import isfinite

import streamlit as st

from crm.i18n import _
from crm.models.values import usual_year
from crm.ui import day_input

Labels = Mapping[str, str]  # names, each with a label to translate


def choice(
    label: str,
    options: Labels,
    key: str,
    *,
    usual: str | None = None,
    is_labelled: bool = True,
) -> str:
    """One of `options`, as buttons side by side; `usual`, or the first, unless
    chosen.
    """
    first = usual or next(iter(options))
    _begin(key, list(options), first)
    chosen = st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=lambda name: _(options[name]),
        key=key,
        label_visibility="visible" if is_labelled else "collapsed",
    )
    return _keep(key, chosen or first, first)


def menu(
    label: str,
    options: Mapping[str, str],
    key: str,
    *,
    usual: str,
    width: int,
    is_labelled: bool = True,
) -> str:
    """One of `options`, from a menu; `usual` unless chosen. The labels are shown
    as they are."""
    _begin(key, list(options), usual)
    chosen = st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        label_visibility="visible" if is_labelled else "collapsed",
        width=width,
    )
    return _keep(key, chosen, usual)


def several(
    label: str, options: Labels, key: str, *, usual: Sequence[str], width: int
) -> list[str]:
    """Some of `options`, in the order of choosing; `usual` unless chosen."""
    given = st.session_state.get(key)
    if given is None:
        given = st.query_params.get_all(key) or usual
    st.session_state[key] = [name for name in given if name in options]
    chosen = st.multiselect(
        label,
        list(options),
        format_func=lambda name: _(options[name]),
        key=key,
        width=width,
    )
    if list(chosen) != list(usual):
        st.query_params[key] = list(chosen) or [""]
    else:
        _leave_out(key)
    return list(chosen)


def step(
    label: str,
    options: Sequence[float],
    key: str,
    *,
    usual: float,
    in_words: Callable[[float], str],
    help: str,
) -> float:
    """One of `options`, ascending numbers, by a slider; `usual` unless chosen.

    A number that is not among them stands for the next below it.
    """
    given = st.session_state.get(key)
    if given is None:
        given = _number(st.query_params.get(key))
    wanted = usual if given is None else given
    below = [one for one in options if one <= wanted]
    st.session_state[key] = below[-1] if below else options[0]
    chosen: float = st.select_slider(
        label, list(options), format_func=in_words, key=key, help=help
    )
    _keep(key, f"{chosen:g}", f"{usual:g}")
    return chosen


def day(label: str, key: str, *, usual: date, latest: date, help: str) -> date:
    """A day up to `latest`; `usual` unless chosen."""
    if key not in st.session_state:
        st.session_state[key] = min(_day(st.query_params.get(key)) or usual, latest)
    chosen: date = (
        day_input.date_input(label, max_value=latest, key=key, help=help) or usual
    )
    _keep(key, chosen.isoformat(), usual.isoformat())
    return chosen


def _begin(key: str, options: Sequence[str], usual: str) -> None:
    if st.session_state.get(key) not in options:
        given = st.query_params.get(key, usual)
        st.session_state[key] = given if given in options else usual


def _keep(key: str, chosen: str, usual: str) -> str:
    if chosen != usual:
        st.query_params[key] = chosen
    else:
        _leave_out(key)
    return chosen


def _leave_out(key: str) -> None:
    if key in st.query_params:
        del st.query_params[key]


def _number(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if isfinite(found) else None


def _day(text: str | None) -> date | None:
    try:
        return usual_year(date.fromisoformat(text or ""))
    except ValueError:
        return None

"""Choices that are part of the page's address, by names that no language changes."""

from collections.abc import Mapping

import streamlit as st

from crm.i18n import _


def choice(
    label: str, options: Mapping[str, str], key: str, *, is_labelled: bool = True
) -> str:
    """One of `options`, names with labels to translate; the first unless chosen.

    Streamlit's own binding would put the translated label into the address.
    """
    first = next(iter(options))
    if st.session_state.get(key) not in options:
        given = st.query_params.get(key, first)
        st.session_state[key] = given if given in options else first
    chosen = st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=lambda name: _(options[name]),
        key=key,
        label_visibility="visible" if is_labelled else "collapsed",
    )
    chosen = chosen or first
    if chosen != first:
        st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]
    return chosen

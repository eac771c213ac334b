"""How one column is read, and when its cells replace what a record holds."""

from typing import Any

import streamlit as st

from crm.i18n import _
from crm.services.imports import runs
from crm.services.imports.targets import CHANGED_AT, Kind
from crm.ui.data.imports import state, words

NUMBERS = {Kind.AMOUNT, Kind.WHOLE, Kind.PERCENT}
DATES = {Kind.DAY, Kind.MOMENT}


def show(
    one: runs.Import, place: int, target: runs.Target, choices: runs.Choices
) -> None:
    """A popover with what can be settled about a column that is imported."""
    column = one.form.header[place]
    field = choices.mapping.get(column)
    kinds = {each.name: each.kind for each in target.fields}
    with st.popover(
        "",
        icon=":material/tune:",
        disabled=field is None,
        key=state.key(one, f"tune_{place}"),
        help=_("How this column is read"),
    ):
        if field is None:
            return
        if kinds.get(field) in NUMBERS:
            _written(one, place, "numbers", runs.NumberFormat, choices.numbers)
        if kinds.get(field) in DATES:
            _written(one, place, "dates", runs.DateOrder, choices.dates)
        if choices.mode is not runs.Mode.CREATE:
            _policy(one, place, field, choices)
        else:
            st.caption(_("Only new records are made: nothing is replaced."))


def policies(choices: runs.Choices) -> list[runs.Policy]:
    """The policies that can be had: what is newer must be known to be kept."""
    known = list(runs.Policy)
    if CHANGED_AT not in choices.mapping.values():
        known.remove(runs.Policy.NEWER)
    return known


def _written(one: runs.Import, place: int, part: str, kind: Any, held: Any) -> None:
    """As which of two ways of writing the column is taken; None: as detected."""
    column = one.form.header[place]
    key = state.key(one, f"{part}_{place}")
    st.selectbox(
        _("Numbers are written as") if part == "numbers" else _("Dates are written as"),
        [None, *kind],
        index=[None, *kind].index(held.get(column)),
        format_func=lambda way: way.value if way else _("As detected"),
        key=key,
        on_change=_write,
        args=[one, column, part, key],
    )


def _write(one: runs.Import, column: str, part: str, key: str) -> None:
    held = dict(getattr(state.working(one), part))
    held.pop(column, None)
    if way := st.session_state[key]:
        held[column] = way
    state.change(one.id, **{part: held})


def _policy(one: runs.Import, place: int, field: str, choices: runs.Choices) -> None:
    known = policies(choices)
    held = choices.policies.get(field, runs.Policy.OVERWRITE)
    key = state.key(one, f"policy_{place}_{held}")
    st.selectbox(
        _("Where the record holds something"),
        known,
        index=known.index(held) if held in known else 0,
        format_func=lambda policy: _(words.POLICIES[policy]),
        key=key,
        on_change=_replace,
        args=[one, field, key],
    )


def _replace(one: runs.Import, field: str, key: str) -> None:
    held = dict(state.working(one).policies) | {field: st.session_state[key]}
    state.change(one.id, policies=held)

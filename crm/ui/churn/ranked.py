"""A ranking of customers: the first of them as a table, all of them to take along."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Analysis
from crm.services import lists
from crm.services.fields import Kind
from crm.ui import access, navigation
from crm.ui.churn import actions
from crm.ui.format import number, plain

FIRST = 100  # customers shown
LOOKED_UP = 500  # so that they are found though some are out of reach
FEW = 10

Columns = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Ranked:
    """Customers of a result, in the order to show them.

    `rows` has `customer_id` and what its columns are made from; `name` is proposed
    for a segment, `description` says how it came about.
    """

    rows: pd.DataFrame
    name: str
    description: str


def least_revenue() -> float:
    """What a customer must have brought in to be shown, as the user chooses it."""
    chosen = st.number_input(
        _("Revenue of the last 180 days, at least"),
        min_value=0,
        value=0,
        step=100,
        key="churn_least",
        persist_state="session",
        width=260,
    )
    return float(chosen or 0)


def show(
    shown: Analysis,
    ranked: Ranked,
    *,
    columns: Columns,
    config: dict[str, Any],
    row_height: int | None = None,
) -> None:
    """Buttons for all of them, and a table of the first; its names open customers.

    Args:
        columns: makes of some rows what is shown and exported of them.
        config: a column of the table each, by name, in the order to show them.
    """
    if ranked.rows.empty:
        st.info(_("Nobody is within these limits."), icon=":material/filter_alt_off:")
        return
    candidates = ranked.rows.head(LOOKED_UP)
    with db.reading(access.current()) as session:
        names = lists.names(session, Kind.CUSTOMER, candidates["customer_id"].tolist())
    first = candidates[candidates["customer_id"].isin(list(names))].head(FIRST)
    if first.empty:
        st.info(_("None of them is in your reach any more."))
        return
    ids = [int(one) for one in first["customer_id"]]
    table = columns(first).assign(name=[names[one] for one in ids])
    _table(table, ids, config, row_height)
    told = _("The first {count} of {all}; a segment and the file hold all of them.")
    if len(ranked.rows) > len(first):
        counts = {"count": number(len(first)), "all": number(len(ranked.rows))}
        st.caption(plain(told.format(**counts)))
    with st.container(horizontal=True):
        actions.buttons(
            shown, ranked.rows, ranked.name, ranked.description, columns, config
        )


def _table(
    rows: pd.DataFrame, ids: list[int], config: dict[str, Any], row_height: int | None
) -> None:
    opens = st.column_config.ButtonColumn(
        _("Customer"),
        type="tertiary",
        alignment="left",
        pinned=True,
        width=185,
        key="churn_open",
        on_click=_open,
        args=[ids],
    )
    st.dataframe(
        rows,
        key="churn_ranking",
        hide_index=True,
        column_order=["name", *config],
        column_config={"name": opens, **config},
        row_height=row_height,
        height=460 if len(rows) * (row_height or 35) > 460 else "content",
    )


def _open(ids: list[int]) -> None:
    row = st.session_state["churn_open"].row
    if row is not None and row < len(ids):
        st.session_state["_trail"] = {"slug": "customer", "ids": ids}
        navigation.go("customer", id=ids[row])

"""The rows of a list as a table: one cell opens the record, rows can be picked."""

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm.config import settings
from crm.i18n import _
from crm.services import list_values, lists
from crm.services.fields import Field, Kind
from crm.ui import picks as picked
from crm.ui import row_links
from crm.ui.format import cell, date_column, moment_column
from crm.ui.sales import line_editor

ROOM = 6  # columns for which there is room on a usual screen
NARROW = 160  # pixels

Names = dict[Kind, dict[int, str]]  # of the records that rows link to


def show(
    slug: str,
    detail: str,
    opens: str,
    found: lists.Page,
    names: Names,
    *,
    picks: bool = True,
) -> list[int]:
    """Draw the rows; give the ids of those that are picked, where that is of use."""
    shown = [column.name for column in found.columns]
    opens = opens if opens in shown else shown[0]
    rows = [
        {
            column.name: _shown(column, row.get(column.name), names)
            for column in found.columns
        }
        for row in found.rows
    ]
    ids = [row["id"] for row in found.rows]
    frame = pd.DataFrame(rows, columns=shown)
    frame[opens] = frame[opens].fillna("–").astype(str)
    config = {
        column.name: _config(
            column,
            [row.get(column.name) for row in found.rows],
            is_crowded=len(shown) > ROOM,
        )
        for column in found.columns
    }
    config[opens] = row_links.column(
        _(next(c.label for c in found.columns if c.name == opens)),
        key=f"{slug}_open",
        slug=detail,
        ids=ids,
        pinned=True,
    )
    event: Any = st.dataframe(
        frame,
        key=picked.key(f"{slug}_table", ids),
        hide_index=True,
        column_config=config,
        on_select="rerun" if picks else "ignore",
        selection_mode="multi-row",
        height="content",
        placeholder="",
    )
    if not picks:
        return []
    return [ids[row] for row in event.selection.rows if row < len(ids)]


def _shown(column: Field, value: Any, names: Names) -> Any:
    if value is None:
        return None
    if column.kind in names:
        return names[column.kind].get(int(value), "")
    if column.kind is Kind.CHOICE:
        return _(column.choices.get(str(value), str(value)))
    if column.kind is Kind.SHARE:
        # what is computed, as a whole percentage; what is entered, as it is
        return float(value) if column.editable else round(float(value), 2)
    return cell(value)


def _config(column: Field, values: list[Any], *, is_crowded: bool) -> Any:
    """How a column looks; amounts all with as many decimals as the finest of them.

    Names of customers give way where columns are many, so that the last is not cut.
    """
    label = _(column.label)
    exact = (value for value in values if isinstance(value, Decimal))
    cent = line_editor.step(settings().currency, exact)
    kinds = st.column_config
    made: dict[Kind, Any] = {
        Kind.NUMBER: kinds.NumberColumn(label, format="localized"),
        Kind.MONEY: kinds.NumberColumn(label, format="localized", step=cent),
        Kind.SHARE: kinds.NumberColumn(label, format="percent"),
        Kind.DATE: date_column(label),
        Kind.MOMENT: moment_column(label),
        Kind.TAGS: kinds.ListColumn(label),
        Kind.SEGMENTS: kinds.ListColumn(label),
        Kind.PRODUCTS: kinds.ListColumn(label),
        Kind.CHOICES: kinds.ListColumn(label),
        Kind.YES_NO: kinds.CheckboxColumn(label),
        Kind.CUSTOMER: kinds.TextColumn(label, width=NARROW if is_crowded else None),
    }
    return made.get(column.kind) or kinds.TextColumn(label)


def names(session: Session, found: lists.Page) -> Names:
    """Names for the ids that columns which link to records hold."""
    named = {}
    for kind in list_values.LINKED:
        columns = [column.name for column in found.columns if column.kind is kind]
        if columns:
            ids = {row[name] for row in found.rows for name in columns if row[name]}
            named[kind] = list_values.names(session, kind, ids)
    return named

"""Customers in an order: the first as a table, all of them to act on or take along."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, Analysis, Reason
from crm.services import lists
from crm.services.customers import segments, suggestions
from crm.services.customers.suggestions import Candidate
from crm.services.fields import Kind
from crm.ui import access, feedback, navigation
from crm.ui.customers import customers_file, segments_view
from crm.ui.format import number, plain, today
from crm.ui.sales.ordered import Kept

FIRST = 100  # customers shown
LOOKED_UP = 500  # so that they are found though some are out of reach
HEIGHT = 460  # pixels, of the table at most
ROW = 35
AT_ONCE = 500  # suggestions made by one click
FEW = 20

Columns = Callable[[pd.DataFrame], pd.DataFrame]
Propose = Callable[[pd.DataFrame], Iterable[Candidate]]


@dataclass(frozen=True)
class Ranked:
    """Customers of a result, in the order to show them.

    `rows` has `customer_id` and what `columns` makes from some of them to be shown
    and exported; `config` has a column of the table each, by name, in the order to
    show them. `name` is proposed for a segment, `description` says how it came about.
    `propose`, where there is one, makes suggestions for some of the rows.
    """

    rows: pd.DataFrame | Kept
    name: str
    description: str
    columns: Columns
    config: dict[str, Any]
    propose: Propose | None = None

    @property
    def kept(self) -> Kept:
        if isinstance(self.rows, Kept):
            return self.rows
        return Kept(self.rows, np.arange(len(self.rows)))


def show(
    shown: Analysis, ranked: Ranked, *, key: str, row_height: int | None = None
) -> None:
    """A table of the first, whose names open customers, and buttons for all of them.

    Args:
        key: of its own among the rankings of a page; names the file too.
        row_height: in pixels, for rows of several lines of text.
    """
    kept = ranked.kept
    if not len(kept):
        st.info(_("Nobody is within these limits."), icon=":material/filter_alt_off:")
        return
    candidates = kept.head(LOOKED_UP)
    with db.reading(access.current()) as session:
        names = lists.names(session, Kind.CUSTOMER, candidates["customer_id"].tolist())
    first = candidates[candidates["customer_id"].isin(list(names))].head(FIRST)
    if first.empty:
        st.info(_("None of them is in your reach any more."))
        return
    ids = [int(one) for one in first["customer_id"]]
    table = ranked.columns(first).assign(name=[names[one] for one in ids])
    _table(table, ids, ranked.config, key, row_height or ROW)
    told = _("The first {count} of {all}; a segment and the file hold all of them.")
    if len(kept) > len(first):
        counts = {"count": number(len(first)), "all": number(len(kept))}
        st.caption(plain(told.format(**counts)))
    with st.container(horizontal=True):
        _buttons(shown, ranked, key)


def _table(
    rows: pd.DataFrame, ids: list[int], config: dict[str, Any], key: str, row: int
) -> None:
    opens = st.column_config.ButtonColumn(
        _("Customer"),
        type="tertiary",
        alignment="left",
        pinned=True,
        width=215,
        key=f"{key}_open",
        on_click=_open,
        args=[f"{key}_open", ids],
    )
    st.dataframe(
        rows,
        key=f"{key}_ranking",
        hide_index=True,
        column_order=["name", *config],
        column_config={"name": opens, **config},
        row_height=row,
        height=HEIGHT if len(rows) * row > HEIGHT else "content",
    )


def _open(button: str, ids: list[int]) -> None:
    row = st.session_state[button].row
    if row is not None and row < len(ids):
        st.session_state["_trail"] = {"slug": "customer", "ids": ids}
        navigation.go("customer", id=ids[row])


def _buttons(shown: Analysis, ranked: Ranked, key: str) -> None:
    """As far as the reader has the rights."""
    actor = access.current()
    if ranked.propose and actor.may(Action.CREATE, "suggestion"):
        _act(shown, ranked, key)
    if actor.may(Action.CREATE, "segment"):
        _segment(shown, ranked, key)
    if actor.may(Action.EXPORT, "customer"):
        labels = {column: str(made["label"]) for column, made in ranked.config.items()}
        st.download_button(
            _("CSV file"),
            data=customers_file.maker(actor, ranked.kept.rows, ranked.columns, labels),
            file_name=f"{key}-{shown.as_of.isoformat()}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"{key}_csv",
            on_click="ignore",
        )


def _act(shown: Analysis, ranked: Ranked, key: str) -> None:
    with st.popover(_("Act on them"), icon=":material/add_task:"):
        most = min(len(ranked.kept), AT_ONCE)
        st.number_input(
            _("How many, from the top"), 1, most, min(FEW, most), key=f"{key}_act_count"
        )
        st.caption(
            _(
                "One in ten, drawn by lot, is left alone, so that the effect of acting "
                "can be measured. Who was suggested within 28 days is not again."
            )
        )
        st.button(
            _("Put on the list of today"),
            type="primary",
            key=f"{key}_act",
            on_click=_put_on_list,
            args=[shown, ranked.kept, ranked.propose, f"{key}_act_count"],
        )


def _put_on_list(shown: Analysis, kept: Kept, propose: Propose, field: str) -> None:
    chosen = kept.head(int(st.session_state[field]))
    made = feedback.run(
        lambda count: _("Suggestions made: {n}").format(n=number(count)),
        suggestions.make,
        list(propose(chosen)),
        analysis_id=shown.id,
        on=today(),
        lot=SystemRandom(),
        reason=Reason.BULK,
    )
    if made:
        navigation.go("today")


def _segment(shown: Analysis, ranked: Ranked, key: str) -> None:
    with st.popover(_("Save as segment"), icon=":material/workspaces:"):
        field = f"{key}_segment_{shown.id}_{ranked.name}"
        st.text_input(
            _("Name of the new segment"),
            value=ranked.name[:120],
            max_chars=120,
            key=field,
        )
        st.button(
            _("Save"),
            type="primary",
            key=f"{key}_segment_save",
            on_click=_save,
            args=[field, ranked, shown.id],
        )


def _save(field: str, ranked: Ranked, analysis_id: int) -> None:
    name = st.session_state[field]
    segment_id = feedback.run(
        _("Segment “{name}” is saved.").format(name=name.strip()),
        save,
        name,
        ranked.kept.column("customer_id").tolist(),
        ranked.description,
        analysis_id,
        reason=Reason.BULK,
    )
    if segment_id is not None:
        segments_view.show_customers(segment_id)


def save(
    session: Session, name: str, ids: Sequence[int], description: str, analysis_id: int
) -> int:
    """The id of a new segment of these customers, found by that analysis."""
    segment = segments.save(
        session, name, ids, description=description, analysis_id=analysis_id
    )
    return segment.id

"""The recipients of a campaign: page by page, added from segments, marked."""

from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import Action, Campaign, Reason
from crm.services.customers import segments
from crm.services.days import today
from crm.services.marketing import marks, recipient_lists, recipients
from crm.services.marketing.marks import REACHED, RESPONDED
from crm.services.marketing.recipient_lists import STATES, Listed, State
from crm.ui import access, address, feedback, navigation, picks, row_links
from crm.ui.format import cell, label, moment_column, number, plain
from crm.ui.marketing import words

SIZE = 25
STATE, PAGE = "recipients_state", "recipients_p"
CHOICES = {"": N_("Everyone"), **STATES}


def show(campaign: Campaign) -> None:
    """The list with its filter, and what can be done with those picked."""
    state = address.choice(_("Recipients"), CHOICES, STATE, is_labelled=False)
    rows, total, number_ = _page(campaign.id, state)
    actions = st.container(horizontal=True)
    picked: list[int] = []
    if rows:
        picked = _table(rows)
        _footer(rows, total, number_)
    else:
        st.caption(_("Nobody."))
    with actions:
        if access.current().may(Action.UPDATE, "recipient"):
            _marks(campaign.id, picked)


def show_state(state: str) -> None:
    """For callbacks: narrow the list."""
    st.session_state[STATE] = state
    st.session_state[PAGE] = 1


def add(campaign: Campaign) -> None:
    """Add the customers of a segment, where the user may."""
    actor = access.current()
    if not actor.may(Action.CREATE, "recipient"):
        return
    with st.popover(_("Add recipients"), icon=":material/person_add:"):
        with db.reading(actor) as session:
            names = {
                one.id: label(one.name, one.id) for one in segments.listed(session)
            }
        own = campaign.segment_id
        key = f"add_segment_{campaign.id}"
        st.selectbox(
            _("Segment"),
            list(names),
            index=list(names).index(own) if own in names else None,
            format_func=names.__getitem__,
            placeholder=_("Choose one"),
            key=key,
        )
        st.button(
            _("Add"),
            type="primary",
            key="add_segment",
            on_click=_add,
            args=[campaign.id, key],
        )
        st.caption(
            plain(_("Or pick customers in their list and choose “Add to campaign”."))
        )
        navigation.link("customers", _("Customers"), icon=":material/groups:")


def _add(campaign_id: int, key: str) -> None:
    """The segment that is chosen now: an argument would be that of the run before."""
    segment_id = st.session_state[key]
    if segment_id is None:
        told = _("“{field}” is missing.").format(field=_("Segment"))
        feedback.flash(told, kind="error")
        return
    feedback.run(
        words.added,
        recipients.add_segment,
        campaign_id,
        segment_id,
        today=today(),
        reason=Reason.BULK,
    )


def _marks(campaign_id: int, picked: list[int]) -> None:
    for name, told, icon in (
        (REACHED, _("Mark as reached"), "mark_email_read"),
        (RESPONDED, _("Mark as responded"), "reply"),
    ):
        st.button(
            told,
            icon=f":material/{icon}:",
            key=f"mark_{name}",
            disabled=not picked,
            on_click=_mark,
            args=[campaign_id, name, picked],
            help=_("Pick recipients in the list first."),
        )
    with st.popover(_("All are reached"), icon=":material/done_all:"):
        st.markdown(
            plain(
                _("All that are not held out and not marked yet are marked as reached.")
            )
        )
        st.button(
            _("Mark all as reached"),
            type="primary",
            key="mark_all",
            on_click=_mark,
            args=[campaign_id, REACHED, None],
        )


def _mark(campaign_id: int, name: str, picked: list[int] | None) -> None:
    feedback.run(
        words.marked, marks.mark, campaign_id, name, picked, reason=Reason.BULK
    )


def _table(rows: list[Listed]) -> list[int]:
    ids = [one.customer_id for one in rows]
    may_pick = access.current().may(Action.UPDATE, "recipient")
    frame = pd.DataFrame(
        {
            "name": [one.name for one in rows],
            "state": [_(STATES[one.state.value]) for one in rows],
            "added": [cell(one.added_at) for one in rows],
            "reached": [cell(one.reached_at) for one in rows],
            "responded": [cell(one.responded_at) for one in rows],
        }
    )
    event: Any = st.dataframe(
        frame,
        key=picks.key("recipients_table", ids),
        hide_index=True,
        height="content",
        placeholder="",
        on_select="rerun" if may_pick else "ignore",
        selection_mode="multi-row",
        column_config={
            "name": row_links.column(
                _("Customer"),
                key="recipients_open",
                slug="customer",
                ids=ids,
                pinned=True,
            ),
            "state": _("State"),
            "added": moment_column(_("Added")),
            "reached": moment_column(_("Reached on")),
            "responded": moment_column(_("Responded")),
        },
    )
    rows_picked = event.selection.rows if may_pick else []
    return [ids[row] for row in rows_picked if row < len(ids)]


def _page(campaign_id: int, state: str) -> tuple[list[Listed], int, int]:
    """The rows to show, how many there are in all, and the number of the page: the
    first one once another filter is chosen, the last one where there are fewer."""
    if st.session_state.get(f"_{STATE}", state) != state:
        st.session_state[PAGE] = 1
    st.session_state[f"_{STATE}"] = state
    only, at = State(state) if state else None, _page_number()
    with db.reading(access.current()) as session:
        rows, total = recipient_lists.page(
            session, campaign_id, state=only, number=at, size=SIZE
        )
        if total and not rows:
            at = st.session_state[PAGE] = -(-total // SIZE)
            rows, total = recipient_lists.page(
                session, campaign_id, state=only, number=at, size=SIZE
            )
    return rows, total, at


def _page_number() -> int:
    given = str(st.session_state.get(PAGE) or st.query_params.get(PAGE, "1"))
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 1


def _footer(rows: list[Listed], total: int, at: int) -> None:
    first = (at - 1) * SIZE + 1
    told = _("{first} to {last} of {total}")
    last = first + len(rows) - 1
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.caption(
            told.format(first=number(first), last=number(last), total=number(total)),
            width="content",
        )
        if total > SIZE:
            st.pagination(-(-total // SIZE), key=PAGE, bind="query-params")

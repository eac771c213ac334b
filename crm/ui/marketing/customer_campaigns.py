"""The campaigns of a customer, on its page."""

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Campaign, Recipient
from crm.services.marketing import recipient_lists
from crm.ui import access, navigation
from crm.ui.format import cell, moment_column
from crm.ui.marketing import add_to_campaign


def show(customer_id: int) -> None:
    """A row for each, and a way into one more."""
    actor = access.current()
    if not actor.may(Action.READ, "campaign"):
        return
    with db.reading(actor) as session:
        found = recipient_lists.of_customer(session, customer_id)
    if found:
        _table(found)
    else:
        st.caption(_("In no campaign yet."))
    add_to_campaign.popover("customer", lambda _session: [customer_id])


def _table(found: list[tuple[Campaign, Recipient]]) -> None:
    rows = [
        {
            "name": campaign.name,
            "held_out": row.held_out,
            "added": cell(row.created_at),
            "reached": cell(row.reached_at),
            "responded": cell(row.responded_at),
        }
        for campaign, row in found
    ]
    st.dataframe(
        pd.DataFrame(rows),
        key="customer_campaigns",
        hide_index=True,
        height="content",
        placeholder="",
        column_config={
            "name": st.column_config.ButtonColumn(
                _("Campaign"),
                type="tertiary",
                alignment="left",
                key="customer_campaigns_open",
                on_click=_open,
                args=[[campaign.id for campaign, _row in found]],
            ),
            "held_out": st.column_config.CheckboxColumn(_("Held out")),
            "added": moment_column(_("Added")),
            "reached": moment_column(_("Reached on")),
            "responded": moment_column(_("Responded")),
        },
    )


def _open(ids: list[int]) -> None:
    row = st.session_state["customer_campaigns_open"].row
    if row is not None and row < len(ids):
        navigation.go("campaign", id=ids[row])

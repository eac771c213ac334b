"""How campaigns are told: badges, counts, what came of adding."""

from typing import Any

import streamlit as st

from crm.i18n import _, ngettext
from crm.models import CampaignStatus
from crm.services.marketing.campaign_fields import CAMPAIGN_STATES
from crm.services.marketing.marks import Marked
from crm.services.marketing.recipients import Added
from crm.ui.format import number

COLORS: dict[CampaignStatus, Any] = {
    CampaignStatus.PLANNED: "gray",
    CampaignStatus.RUNNING: "blue",
    CampaignStatus.ENDED: "green",
    CampaignStatus.CANCELLED: "red",
}


def badge(status: CampaignStatus) -> None:
    """The status in its colour."""
    st.badge(_(CAMPAIGN_STATES[status.value]), color=COLORS[status])


def added(found: Added) -> str:
    """What came of adding customers."""
    told = ngettext("{n} customer added.", "{n} customers added.", found.new)
    parts = [told.format(n=number(found.new))]
    if found.held_out:
        words = _("Held out by lot: {n}.")
        parts.append(words.format(n=number(found.held_out)))
    if found.before:
        parts.append(_("There before: {n}.").format(n=number(found.before)))
    return " ".join(parts)


def marked(found: Marked) -> str:
    """How many recipients were marked, and how many of those picked were not."""
    told = ngettext("{n} recipient marked.", "{n} recipients marked.", found.new)
    parts = [told.format(n=number(found.new))]
    if found.held_out:
        words = ngettext(
            "{n} of those picked is held out by lot: not marked, and not to be "
            "reached.",
            "{n} of those picked are held out by lot: not marked, and not to be "
            "reached.",
            found.held_out,
        )
        parts.append(words.format(n=number(found.held_out)))
    return " ".join(parts)

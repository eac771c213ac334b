"""The score of one lead, for its own page."""

from crm.analytics.deals.lead_rows import ENDED
from crm.i18n import N_, _
from crm.models import Lead
from crm.services.sales.lead_scores import KIND
from crm.ui import navigation
from crm.ui.insight.model_evidence import record_card
from crm.ui.insight.model_evidence.record_card import RecordCard
from crm.ui.sales.lead_score import words

CARD = RecordCard(
    kind=KIND,
    column="lead_id",
    key="lead_card",
    title=lambda: navigation.link("leads", _("Score"), leads_how="true"),
    chance=N_("{share} to be converted"),
    of_all=N_("Of all that have ended: {share}"),
    absent=N_("It had not come in when this was computed."),
    reason=lambda one, _shown: words.reason(one),
)


def show(lead: Lead) -> None:
    """Of an open lead: its score beside the base rate, with three reasons."""
    if lead.status.value not in ENDED:
        record_card.show(CARD, lead.id, lead.score)

"""The chance to win of one opportunity, for its own page."""

from crm.i18n import N_, _
from crm.models import Opportunity, StageKind
from crm.services.sales.win_chances import KIND
from crm.ui import navigation
from crm.ui.insight.model_evidence import record_card
from crm.ui.insight.model_evidence.record_card import RecordCard
from crm.ui.sales.win_chance import words

CARD = RecordCard(
    kind=KIND,
    column="opportunity_id",
    key="win_card",
    title=lambda: navigation.link(KIND, _("Win probability")),
    chance=N_("{share} to be won"),
    of_all=N_("Of all that is closed: {share}"),
    absent=N_("It was not open yet when this was computed."),
    reason=lambda one, shown: words.reason(one, shown.summary["usual_amount"]),
)


def show(row: Opportunity) -> None:
    """Of what is open: its chance beside the base rate, with three reasons."""
    if row.state is StageKind.OPEN:
        record_card.show(CARD, row.id, row.win_chance)

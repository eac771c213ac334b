"""The model card: what was made by what."""

from typing import Any

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import number
from crm.ui.insight.churn import words
from crm.ui.insight.model_evidence import model_card


def show(shown: Analysis) -> None:
    """In an expander; nothing for results that have none."""
    card: dict[str, Any] | None = shown.summary.get("card")
    if card is None:
        return
    rows = {name: number(count) for name, count in card["rows"].items()}
    told = _("{learned} learned, {judged} judged, {scored} scored")
    own = [
        (_("Customers"), told.format(**rows)),
        model_card.features(shown, words.FEATURE_NAMES),
    ]
    model_card.show(shown, own, words.MODELS, PURPOSE)


PURPOSE = N_(
    "choosing whom to look after first; not for deciding prices or terms for a person, "
    "and not for what lies beyond the horizon"
)

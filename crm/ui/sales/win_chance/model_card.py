"""The model card: what was made by what."""

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import number
from crm.ui.insight.model_evidence import model_card
from crm.ui.sales.win_chance import words


def show(shown: Analysis) -> None:
    """In an expander; nothing where nothing was learned."""
    counts, best = shown.summary["counts"], shown.summary["best"]
    if not best:
        return
    told = _("{learned} learned, {judged} judged, {scored} open")
    rows = {
        "learned": number(counts["learned"][0]),
        "judged": number(counts["judged"][0]),
        "scored": number(counts["open"]),
    }
    own = [
        (_("Opportunities"), told.format(**rows)),
        model_card.features(shown, words.FEATURE_NAMES),
        (_("Model in use"), _(words.MODELS[best])),
    ]
    model_card.show(shown, own, words.MODELS, PURPOSE)


PURPOSE = N_(
    "choosing what to look after first and for a first look at the pipeline; not for "
    "judging salespeople, and not for promising a date"
)

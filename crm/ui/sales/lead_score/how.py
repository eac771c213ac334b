"""How lead scores were made, in sentences."""

from typing import Any

from crm.analytics.deals.lead_features import FEATURES, GROUPS
from crm.analytics.deals.lead_notes import JUDGE, LEARN
from crm.i18n import N_, _
from crm.models import Analysis


def sentences(shown: Analysis) -> list[str]:
    """What it stands on: what was known, split, model, verdict, versions."""
    known: dict[str, str] = GROUPS | FEATURES
    looked_at = "; ".join(_(label) for label in known.values())
    verdict = _(VERDICT).format(learn=LEARN, judge=JUDGE)
    told = [_(AS_IT_CAME), _("Looked at: {features}.").format(features=looked_at)]
    return [
        *told,
        *(_(text) for text in METHODS),
        verdict,
        _card(shown.summary["card"]),
    ]


def _card(card: dict[str, Any]) -> str:
    labels = GROUPS | FEATURES
    used = "; ".join(_(labels[name]) for name in card["features"]) or "–"
    libraries = ", ".join(f"{name} {one}" for name, one in card["libraries"].items())
    return _(CARD).format(
        used=used,
        program=card["program"],
        python=card["python"],
        libraries=libraries,
        **card["settings"],
    )


AS_IT_CAME = N_(
    "Each lead is looked at as it was when it came in: what was edited later, notes "
    "too, is taken back by the change log. Of imported leads, that is what the file "
    "held."
)
METHODS = (
    N_(
        "A domain of its own is any but those of the large providers with which "
        "everyone can have an address. Weekday and hour are those of the time zone of "
        "this installation, and are used only where they help on leads left out."
    ),
    N_(
        "Logistic regression with a slight ridge, calibrated by a line on its log-odds "
        "from leads left out in turn (Platt). Words entered for few leads are not told "
        "apart."
    ),
    N_(
        "Judged by time: it learned from the first seven tenths that ended, and was "
        "judged on the rest. Then it learned anew from all, for the open ones. "
        "Intervals hold 95%: of the AUC after DeLong, of shares after Wilson."
    ),
    N_(
        "Open leads have no outcome yet and are not learned from: a score is the "
        "chance to be converted if the lead ends as the ended ones did. Leads that had "
        "ended when they came in are left out."
    ),
    N_("Reasons are exact: parts of a sum of log-odds, against the average lead."),
)
VERDICT = N_(
    "No signal: where the interval of the AUC reaches 0.5, where the log loss is not "
    "below that of the base rate, or with fewer than {learn} converted and {learn} "
    "disqualified to learn from and {judge} of each to judge by, no lead gets a score."
)
CARD = N_(
    "Model card: features in use: {used}. Ridge {ridge}, {folds} folds, seed {seed}. "
    "Clientele {program}, Python {python}, {libraries}. Meant for choosing whom to "
    "call first; not for turning anybody away."
)

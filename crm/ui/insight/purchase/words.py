"""Models of purchases in words, as they stand in tables, charts and choices."""

from crm.analytics.purchase.purchase_amounts import NAMES
from crm.analytics.purchase.purchase_spending import AS_BEFORE
from crm.config import settings
from crm.i18n import N_, _

AMOUNTS = NAMES | {AS_BEFORE: N_("The same as before")}
SHORT = {
    "tweedie": N_("Tweedie"),
    "two_part": N_("Two parts"),
    "boosting": N_("Boosting"),
    "forest": N_("Forest"),
    "linear": N_("Linear"),
    "bg_nbd": N_("BG/NBD"),
    "svm": N_("SVM, log"),
    AS_BEFORE: N_("As before"),
}


def money(label: str) -> str:
    """For an axis or a column: what it shows, and in which currency."""
    return _("{label}, {currency}").format(label=label, currency=settings().currency)

"""What the fields of subscriptions and their values are called, custom ones too."""

from dataclasses import dataclass

from crm.i18n import N_, _
from crm.models import Analysis
from crm.services.fields import CUSTOMER_KINDS
from crm.services.subscriptions.subscription_fields import BILLING_PERIODS
from crm.ui.format import country

FIELDS = {
    "billing_period": N_("Billing period"),
    "auto_renew": N_("Renews by itself"),
    "product": N_("Product"),
    "source": N_("Source"),
    "sector": N_("Sector"),
    "country": N_("Country"),
    "kind": N_("Kind of customer"),
}
ENTITIES = {"customer": N_("Customer"), "subscription": N_("Subscription")}
TRUTHS = {"yes": N_("Yes"), "no": N_("No")}
LEVELS = {
    "billing_period": BILLING_PERIODS,
    "kind": CUSTOMER_KINDS,
    "auto_renew": TRUTHS,
}


@dataclass(frozen=True)
class Names:
    """`labels` are those of custom fields as typed; `truths` those of yes and no."""

    labels: dict[str, str]
    truths: list[str]

    @classmethod
    def of(cls, shown: Analysis) -> "Names":
        """Those of a result; an earlier version knew no custom fields."""
        summary = shown.summary
        return cls(summary.get("labels", {}), summary.get("truths", []))

    def field(self, name: str) -> str:
        """A field, as people call it; of a custom one also whose it is."""
        if name not in self.labels:
            return _(FIELDS[name])
        whose = ENTITIES[name.partition(".")[0]]
        return f"{self.labels[name]} ({_(whose)})"

    def both(self, field: str, value: str) -> str:
        """Such as “Sector: Retail”."""
        words = _("{group}: {word}")
        return words.format(group=self.field(field), word=self.level(field, value))

    def level(self, field: str, value: str) -> str:
        """A value of a field, as people call it."""
        if not value:
            return _("Not given")
        if field == "country":
            return country(value)
        known = TRUTHS if field in self.truths else LEVELS.get(field, {})
        return _(known[value]) if value in known else value

"""The fields of price lists, for the register of `crm.services.fields`."""

from typing import Any

from crm.i18n import N_
from crm.models import PriceList
from crm.services.field_kinds import Field, Kind


def _fields() -> tuple[Field, ...]:
    p: Any = PriceList
    return (
        Field(
            "name", N_("Name"), Kind.TEXT, p.name, p.search_key,
            key=p.search_key, shown=True,
        ),
        Field("currency", N_("Currency"), Kind.TEXT, p.currency, p.currency,
              shown=True),
        Field("valid_from", N_("Valid from"), Kind.DATE, p.valid_from, p.valid_from,
              shown=True),
        Field("valid_until", N_("Valid until"), Kind.DATE, p.valid_until,
              p.valid_until, shown=True),
        Field("active", N_("Active"), Kind.YES_NO, p.active, p.active, shown=True),
        Field("created_at", N_("Created"), Kind.MOMENT, p.created_at, p.created_at,
              editable=False),
    )  # fmt: skip


PRICE_LIST_FIELDS = _fields()

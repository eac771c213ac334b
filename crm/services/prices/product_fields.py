"""The fields of products, for the register of `crm.services.fields`."""

from crm.i18n import N_
from crm.models import Product
from crm.services.field_kinds import Field, Kind, imported, text


def _fields() -> tuple[Field, ...]:
    p = Product
    return (
        text("name", N_("Name"), p.name, key=p.search_key, shown=True),
        text("sku", N_("SKU"), p.sku, shown=True),
        text("category", N_("Category"), p.category, shown=True),
        Field("price", N_("Price"), Kind.MONEY, p.price, p.price, shown=True),
        Field("tax_rate", N_("Tax rate"), Kind.SHARE, p.tax_rate, p.tax_rate),
        Field("active", N_("Active"), Kind.YES_NO, p.active, p.active, shown=True),
        Field(
            "created_at",
            N_("Created"),
            Kind.MOMENT,
            p.created_at,
            p.created_at,
            editable=False,
        ),
        imported(p.import_id),
    )


PRODUCT_FIELDS = _fields()

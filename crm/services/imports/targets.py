"""What can be imported, and which fields each of them has.

What the server owns (id, version …) is no field here, whatever a file calls its
columns.
"""

from crm.i18n import N_
from crm.services.imports.target_parts import (
    CHANGED_AT,
    CHANGED_AT_FIELD,
    COUNTRY_HELP,
    EMAIL_FIELD,
    EXTERNAL_ID_FIELD,
    NOTES_FIELD,
    OWNER_FIELD,
    PHONE_FIELD,
    TAGS_FIELD,
    Field,
    Kind,
    Target,
)
from crm.services.imports.targets_sales import LEADS, OPPORTUNITIES

__all__ = [
    "CHANGED_AT",
    "CONTACTS",
    "CUSTOMERS",
    "LEADS",
    "OPPORTUNITIES",
    "ORDERS",
    "PRODUCTS",
    "TARGETS",
    "Field",
    "Kind",
    "Target",
]

CUSTOMERS = Target(
    "customers",
    "customer",
    N_("Customers"),
    (
        EXTERNAL_ID_FIELD,
        Field("name", N_("Name"), required=True, max_length=200),
        Field(
            "kind",
            N_("Kind"),
            Kind.CHOICE,
            help=N_("Company or person"),
            forgiving=True,
            choices={  # true and false: of a column “is a company”
                "company": (
                    *("true", "yes", "1", "ja", "是"),
                    *("company", "organization", "organisation", "business", "b2b"),
                    *("firma", "unternehmen", "公司", "企业", "单位"),
                ),
                "person": (
                    *("false", "no", "0", "nein", "否"),
                    *("person", "individual", "private", "consumer", "b2c"),
                    *("privat", "privatperson", "个人"),
                ),
            },
        ),
        EMAIL_FIELD,
        PHONE_FIELD,
        Field("website", N_("Website"), Kind.LINK, max_length=200, forgiving=True),
        Field("street", N_("Street"), max_length=200),
        Field("postal_code", N_("Postal code"), max_length=20),
        Field("city", N_("City"), max_length=100),
        Field("region", N_("Region"), max_length=100),
        Field(
            "country",
            N_("Country"),
            Kind.COUNTRY,
            help=COUNTRY_HELP,
            forgiving=True,
        ),
        Field("sector", N_("Sector"), max_length=80),
        Field("source", N_("Source"), max_length=80),
        Field("tax_number", N_("Tax number"), max_length=40),
        Field(
            "parent",
            N_("Parent company"),
            max_length=200,
            help=N_("External id or name of the customer that it belongs to"),
        ),
        NOTES_FIELD,
        TAGS_FIELD,
        OWNER_FIELD,
        CHANGED_AT_FIELD,
    ),
    match_keys=("external_id", "email", "name"),
)
CONTACTS = Target(
    "contacts",
    "contact",
    N_("Contacts"),
    (
        EXTERNAL_ID_FIELD,
        Field("first_name", N_("First name"), max_length=100),
        Field("last_name", N_("Last name"), required=True, max_length=100),
        EMAIL_FIELD,
        PHONE_FIELD,
        Field("role", N_("Role"), max_length=80),
        Field(
            "customer",
            N_("Customer"),
            max_length=200,
            help=N_("External id or name of the customer"),
        ),
        Field("language", N_("Language"), Kind.LANGUAGE, forgiving=True),
        NOTES_FIELD,
        TAGS_FIELD,
        CHANGED_AT_FIELD,
    ),
    match_keys=("email", "external_id", "last_name"),  # with the first, and customer
)
PRODUCTS = Target(
    "products",
    "product",
    N_("Products"),
    (
        Field("sku", N_("SKU"), required=True, max_length=60),
        Field(
            "name",
            N_("Name"),
            max_length=200,
            help=N_("A new product without one is called by its SKU"),
        ),
        Field("category", N_("Category"), max_length=100),
        Field("price", N_("Price"), Kind.AMOUNT),
        Field("currency", N_("Currency"), Kind.CURRENCY),
        Field("active", N_("Active"), Kind.YES_NO),
        CHANGED_AT_FIELD,
    ),
    match_keys=("sku",),
)
ORDERS = Target(
    "orders",
    "sales_order",
    N_("Orders with lines"),
    (
        Field("order_number", N_("Order number"), required=True, max_length=60),
        Field("ordered_at", N_("Ordered at"), Kind.MOMENT, required=True),
        Field(
            "status",
            N_("Status"),
            Kind.CHOICE,
            choices={
                "confirmed": (
                    *("confirmed", "open", "paid", "shipped", "completed", "done"),
                    *("complete", "fulfilled", "delivered", "bestätigt", "offen"),
                    *("bezahlt", "versendet", "abgeschlossen", "geliefert"),
                    *("已确认", "已付款", "已发货", "已完成"),
                ),
                "cancelled": (
                    *("cancelled", "canceled", "void", "voided", "storniert"),
                    *("abgebrochen", "已取消", "取消"),
                ),
            },
        ),
        Field("customer_external_id", N_("Customer's external id"), max_length=80),
        Field("customer_name", N_("Customer's name"), max_length=200),
        Field(
            "customer_email",
            N_("Customer's e-mail"),
            Kind.EMAIL,
            max_length=254,
            forgiving=True,
        ),
        Field(
            "customer_country",
            N_("Customer's country"),
            Kind.COUNTRY,
            help=COUNTRY_HELP,
            forgiving=True,
        ),
        Field("sku", N_("SKU"), required=True, max_length=60),
        Field("product_name", N_("Product"), max_length=200),
        Field("quantity", N_("Quantity"), Kind.AMOUNT, required=True),
        Field("unit_price", N_("Unit price"), Kind.AMOUNT, required=True),
        Field("currency", N_("Currency"), Kind.CURRENCY),
        Field(
            "line_discount",
            N_("Discount of the line"),
            Kind.PERCENT,
            help=N_("In percent: 10 means 10 %"),
        ),
    ),
    match_keys=("order_number",),
    group_by="order_number",
)
TARGETS = {
    each.name: each
    for each in (CUSTOMERS, CONTACTS, PRODUCTS, ORDERS, LEADS, OPPORTUNITIES)
}

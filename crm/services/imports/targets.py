"""What can be imported, and which fields each of them has.

What the server owns (id, version, created at …) is no field here, whatever a file
calls its columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crm.i18n import N_


class Kind(StrEnum):
    """What the cells of a field are read as; see `values.parse`."""

    TEXT = "text"
    LONG_TEXT = "long text"  # keeps its line breaks
    AMOUNT = "amount"  # money and quantities, four decimal places
    WHOLE = "whole number"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes or no"
    CHOICE = "choice"
    CHOICES = "choices"
    EMAIL = "e-mail"
    PHONE = "phone"
    LINK = "link"
    COUNTRY = "country"
    CURRENCY = "currency"
    LANGUAGE = "language"
    TAGS = "tags"


@dataclass(frozen=True)
class Field:
    """One thing that a column can be mapped to.

    Args:
        choices: for choices, value → the words for it in files.
        forgiving: a bad cell leaves the field empty and is told; otherwise it fails
            the row.
        restricted: only for those who may change it in the application.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    max_length: int | None = None
    help: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forgiving: bool = False
    restricted: bool = False


@dataclass(frozen=True)
class Target:
    """A kind of record to import, one per row or, with `group_by`, several rows each.

    `match_keys` are the fields by which rows find records that exist, best first;
    `entity` is the table of those records.
    """

    name: str
    entity: str
    label: str
    fields: tuple[Field, ...]
    match_keys: tuple[str, ...]
    group_by: str | None = None

    def field(self, name: str) -> Field:
        """The field of that name.

        Raises:
            KeyError: there is none.
        """
        return {each.name: each for each in self.fields}[name]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the fields without which no row can be imported."""
        return tuple(each.name for each in self.fields if each.required)


CHANGED_AT = "changed_at"

_EXTERNAL_ID = Field(
    "external_id",
    N_("External id"),
    max_length=80,
    help=N_("The id in the system that the file comes from"),
)
_EMAIL = Field("email", N_("E-mail"), Kind.EMAIL, max_length=254)
_PHONE = Field("phone", N_("Phone"), Kind.PHONE, max_length=40, forgiving=True)
_NOTES = Field("notes", N_("Notes"), Kind.LONG_TEXT, max_length=20_000)
_OWNER = Field(
    "owner",
    N_("Owner"),
    max_length=254,
    help=N_("Name or e-mail of a user"),
    restricted=True,
)
_TAGS = Field(
    "tags",
    N_("Tags"),
    Kind.TAGS,
    max_length=60,
    help=N_("Several are separated by ; or ,"),
)
_CHANGED_AT = Field(
    CHANGED_AT,
    N_("Changed at"),
    Kind.MOMENT,
    help=N_("Decides which is newer; it is not stored"),
    forgiving=True,
)
_COUNTRY_HELP = N_("A name in English, Chinese or German, or an ISO code")

CUSTOMERS = Target(
    "customers",
    "customer",
    N_("Customers"),
    (
        _EXTERNAL_ID,
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
        _EMAIL,
        _PHONE,
        Field("website", N_("Website"), Kind.LINK, max_length=200, forgiving=True),
        Field("street", N_("Street"), max_length=200),
        Field("postal_code", N_("Postal code"), max_length=20),
        Field("city", N_("City"), max_length=100),
        Field("region", N_("Region"), max_length=100),
        Field(
            "country",
            N_("Country"),
            Kind.COUNTRY,
            help=_COUNTRY_HELP,
            forgiving=True,
        ),
        Field("sector", N_("Sector"), max_length=80),
        Field("source", N_("Source"), max_length=80),
        Field("tax_number", N_("Tax number"), max_length=40),
        _NOTES,
        _TAGS,
        _OWNER,
        _CHANGED_AT,
    ),
    match_keys=("external_id", "email", "name"),
)
CONTACTS = Target(
    "contacts",
    "contact",
    N_("Contacts"),
    (
        _EXTERNAL_ID,
        Field("first_name", N_("First name"), max_length=100),
        Field("last_name", N_("Last name"), required=True, max_length=100),
        _EMAIL,
        _PHONE,
        Field("role", N_("Role"), max_length=80),
        Field(
            "customer",
            N_("Customer"),
            max_length=200,
            help=N_("External id or name of the customer"),
        ),
        Field("language", N_("Language"), Kind.LANGUAGE, forgiving=True),
        _NOTES,
        _TAGS,
        _CHANGED_AT,
    ),
    match_keys=("email", "external_id", "last_name"),  # with the first, and customer
)
PRODUCTS = Target(
    "products",
    "product",
    N_("Products"),
    (
        Field("sku", N_("SKU"), required=True, max_length=60),
        Field("name", N_("Name"), required=True, max_length=200),
        Field("category", N_("Category"), max_length=100),
        Field("price", N_("Price"), Kind.AMOUNT),
        Field("currency", N_("Currency"), Kind.CURRENCY),
        Field("active", N_("Active"), Kind.YES_NO),
        _CHANGED_AT,
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
            help=_COUNTRY_HELP,
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
TARGETS = {each.name: each for each in (CUSTOMERS, CONTACTS, PRODUCTS, ORDERS)}

"""What tells of a field without being it: the columns that follow from each field.

Whoever may not read a field may not read these either. A field that is missing here
though something follows from it is found by a test, which writes every field and looks
at what changes.
"""

SEARCHED: dict[str, tuple[str, ...]] = {
    "customer": ("email", "phone", "city", "external_id"),
    "contact": ("first_name", "email", "phone", "role"),
    "product": ("sku", "category"),
    "lead": ("company", "email", "phone"),
    "opportunity": ("competitor", "external_id"),
    "subscription": ("name",),
}
"""By table: what its search key has after the first line, which is the name."""

_MAILED = ("outgoing_mail.to_address", "activity.body")
_ADDRESS = ("street", "postal_code", "city", "region", "country", "tax_number")

DERIVED: dict[str, tuple[str, ...]] = {
    "customer.email": ("customer.email_key", *_MAILED),
    "contact.email": ("contact.email_key", *_MAILED),
    "customer.external_id": ("customer.external_key",),
    "contact.external_id": ("contact.external_key",),
} | {f"customer.{part}": ("invoice.recipient",) for part in _ADDRESS}
"""Beside the search keys: `table.column` of what is copied or reckoned from a field."""

POINTS = frozenset(
    f"{entity}.{kind}"
    for entity in ("customer", "contact")
    for kind in ("email", "phone")
)
"""Fields of which a record can have more, as rows of `contact_point`."""

ANALYSED = frozenset({
    "customer.country", "customer.sector", "customer.source", "product.category",
    "lead.email", "lead.phone", "lead.source", "lead.notes", "opportunity.source",
    "opportunity.competitor",
})  # fmt: skip
"""Fields that analyses reckon with: their results tell of them."""

CUSTOM = "customer.x_"
"""How custom fields begin that customers can be compared by in analyses."""

INSTEAD = "…"
"""What stands in a column that is never empty, and must not be read."""

REQUIRED = frozenset({"outgoing_mail.to_address", "invoice.recipient"})
PARTLY = {"activity.body": ("kind", "mail")}
"""Columns that follow from a field only where another column has this value."""


def hidden_with(hidden: frozenset[str]) -> dict[str, set[str]]:
    """The columns to hide by table: those of `hidden`, and all that follow."""
    found: dict[str, set[str]] = {}
    for name in hidden:
        for place in (name, *DERIVED.get(name, ()), *_searched(name)):
            table, column = place.split(".")
            found.setdefault(table, set()).add(column)
    return found


def is_analysed(hidden: frozenset[str]) -> bool:
    """Whether the results of analyses may tell of one of these fields."""
    return any(one in ANALYSED or one.startswith(CUSTOM) for one in hidden)


def _searched(name: str) -> tuple[str, ...]:
    table, column = name.split(".")
    is_part = column in SEARCHED.get(table, ())
    return (f"{table}.search_key",) if is_part else ()

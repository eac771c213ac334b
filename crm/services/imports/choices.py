"""What a user settles about an import, kept as plain data with its run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crm.services.imports.votes import DateOrder, NumberFormat


class Mode(StrEnum):
    """What rows may do: make records, change those that are there, or both."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"


class Policy(StrEnum):
    """When a cell replaces what a record holds. A blank cell never does.

    NEWER looks at the column “changed at” of the file: the cell wins if the row was
    changed after the record was.
    """

    OVERWRITE = "overwrite"
    FILL = "fill_empty"
    NEWER = "keep_newer"


class WithoutCustomer(StrEnum):
    """What becomes of orders, or opportunities, that name no customer."""

    WALK_IN = "walk_in"  # they go to the one customer that stands for unknown buyers
    SKIP = "skip"


class UnknownCustomers(StrEnum):
    """What becomes of opportunities whose customer is not there."""

    MAKE = "make"
    WALK_IN = "walk_in"
    SKIP = "skip"


class MissingFields(StrEnum):
    """What becomes of opportunities without the fields that their stage asks for."""

    REFUSE = "refuse"
    KEEP = "keep"  # they go in without


class UnknownProducts(StrEnum):
    """What becomes of order lines whose SKU no product has."""

    MAKE = "make"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Choices:
    """How the rows of a file become records.

    Args:
        mapping: column → name of a field of the target; other columns are left out.
        match_key: the field by which rows find records that are there.
        policies: field → policy; OVERWRITE where it is not named.
        numbers, dates: column → how it is written; detected where it is not named.
        zone: IANA name, for times without one; "" is that of the installation.
        country: ISO code, for phone numbers without +.
        currency: ISO code, for orders without one; None is the book currency.
        pipeline: id, for opportunities that name none; None is the first one.
        meant: field → what the file says → who or what is meant: see `meanings`.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    match_key: str = ""
    mode: Mode = Mode.UPSERT
    policies: Mapping[str, Policy] = field(default_factory=dict)
    numbers: Mapping[str, NumberFormat] = field(default_factory=dict)
    dates: Mapping[str, DateOrder] = field(default_factory=dict)
    zone: str = ""
    country: str | None = None
    currency: str | None = None
    without_customer: WithoutCustomer = WithoutCustomer.WALK_IN
    unknown_products: UnknownProducts = UnknownProducts.MAKE
    unknown_customers: UnknownCustomers = UnknownCustomers.MAKE
    missing_fields: MissingFields = MissingFields.REFUSE
    pipeline: int | None = None
    meant: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Choices":
        """What `plain` has made plain."""
        many: dict[str, type[StrEnum]] = {
            "policies": Policy,
            "numbers": NumberFormat,
            "dates": DateOrder,
        }
        one: dict[str, type[StrEnum]] = {
            "mode": Mode,
            "without_customer": WithoutCustomer,
            "unknown_products": UnknownProducts,
            "unknown_customers": UnknownCustomers,
            "missing_fields": MissingFields,
        }
        typed: dict[str, Any] = {
            name: {key: kind(value) for key, value in data[name].items()}
            for name, kind in many.items()
        }
        typed |= {name: kind(data[name]) for name, kind in one.items() if name in data}
        return cls(**{**data, **typed})

"""What a field and a kind of record are; `crm.services.fields` registers them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel

from crm.i18n import N_


class Kind(StrEnum):
    """What a field holds, and so how it is compared, shown and typed in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"  # 0 to 1, shown as a percentage
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    LINK = "link"
    USER = "user"
    CUSTOMER = "customer"
    PRODUCT = "product"
    STAGE = "stage"
    TAGS = "tags"
    SEGMENTS = "segments"
    PRODUCTS = "products"  # on lines: of confirmed sales, or of an opportunity


Values = dict[int, Any]
"""What records hold in one field, by the id of the record."""


@dataclass(frozen=True)
class Field:
    """One field of a kind of record.

    `column` is what SQL reads; None where the value lies in rows of its own (tags,
    segments, products, custom fields). `sort` is set where a list can be sorted by
    it, `key` where its folded text is the first line of a search key. `hidden` fields
    are known to rules that others have made, and hold nothing for the actor. Where
    `at_once` is set, a page is read by it, which costs less than `column` row by row:
    by name of the field, then by id of the record.
    """

    name: str
    label: str
    kind: Kind
    column: Any = None
    sort: Any = None
    key: Any = None
    choices: dict[str, str] = field(default_factory=dict)
    editable: bool = True
    shown: bool = False  # in a list that nobody has set up
    custom_id: int | None = None
    hidden: bool = False
    at_once: Callable[[Session, Sequence[int]], dict[str, Values]] | None = None


@dataclass(frozen=True)
class Entity:
    """A kind of record that has a list: its table, its fields, its standard order."""

    table: type[SQLModel]
    label: str
    fields: tuple[Field, ...]
    sort: str
    takes_custom: bool = False

    def __post_init__(self) -> None:
        """Note at each column what it is called: `crm.db` cannot ask the register."""
        columns = inspect(self.table).local_table.c
        for one in self.fields:
            if one.name in columns:
                columns[one.name].info["label"] = one.label

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)


def text(name: str, label: str, column: Any, **more: Any) -> Field:
    """A field of plain text, sorted by its key where it has one."""
    return Field(name, label, Kind.TEXT, column, more.get("key", column), **more)


def imported(column: Any) -> Field:
    """The import by which a record came in."""
    return Field("import_id", N_("Import"), Kind.NUMBER, column, editable=False)

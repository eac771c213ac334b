"""What a target of an import is made of, and the fields that several of them have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

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
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in self.fields}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Names of the fields without which no row can be imported."""
        return tuple(each.name for each in self.fields if each.required)


CHANGED_AT = "changed_at"

EXTERNAL_ID_FIELD = Field(
    "external_id",
    N_("External id"),
    max_length=80,
    help=N_("The id in the system that the file comes from"),
)
EMAIL_FIELD = Field("email", N_("E-mail"), Kind.EMAIL, max_length=254)
PHONE_FIELD = Field("phone", N_("Phone"), Kind.PHONE, max_length=40, forgiving=True)
NOTES_FIELD = Field("notes", N_("Notes"), Kind.LONG_TEXT, max_length=20_000)
OWNER_FIELD = Field(
    "owner",
    N_("Owner"),
    max_length=254,
    help=N_("Name or e-mail of a user"),
    restricted=True,
)
TAGS_FIELD = Field(
    "tags",
    N_("Tags"),
    Kind.TAGS,
    max_length=60,
    help=N_("Several are separated by ; or ,"),
)
CHANGED_AT_FIELD = Field(
    CHANGED_AT,
    N_("Changed at"),
    Kind.MOMENT,
    help=N_("Decides which is newer; it is not stored"),
    forgiving=True,
)
COUNTRY_HELP = N_("A name in English, Chinese or German, or an ISO code")

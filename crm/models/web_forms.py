"""Web forms: pages without sign-in on which somebody becomes a lead."""

from typing import Any, ClassVar

from pydantic import field_validator
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Fields, Record
from crm.models.types import Id, Json, LongText, Text
from crm.models.values import storable


class WebFormFields(Fields):
    """What an administrator fills in about a web form.

    `asks` names the fields of a lead that it asks for; the name is always asked.
    """

    name: str = Field(min_length=1, max_length=80)
    title: str = Field(min_length=1, max_length=120)
    intro: str | None = Field(default=None, max_length=2_000)
    thanks: str | None = Field(default=None, max_length=2_000)
    source: str = Field(min_length=1, max_length=80)
    language: str = Field(default="en", max_length=10)
    asks: list[str] = Field(default_factory=lambda: ["company", "email", "notes"])
    owner_id: int | None = None
    active: bool = True

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class WebForm(Record, table=True):
    """A form at a public address, and what becomes of what it brings."""

    __tablename__ = "web_form"
    __label__: ClassVar = N_("Web form")

    name: str = Field(sa_type=Text(80), unique=True)
    key: str = Field(sa_type=Text(40), unique=True)  # in its address
    title: str = Field(sa_type=Text(120))
    intro: str | None = Field(default=None, sa_type=LongText)
    thanks: str | None = Field(default=None, sa_type=LongText)
    source: str = Field(sa_type=Text(80))
    language: str = Field(default="en", sa_type=Text(10))
    asks: list[str] = Field(default_factory=list, sa_type=Json)
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    active: bool = Field(default=True)

"""Pipelines: the stages that opportunities go through."""

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.i18n import N_
from crm.models.base import Record
from crm.models.types import Amount, Id, Json, Text, stored


class StageKind(StrEnum):
    """What it means for an opportunity to be in a stage."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Pipeline(Record, table=True):
    """A way of selling, stage by stage."""

    __tablename__ = "pipeline"
    __label__: ClassVar = N_("Pipeline")

    name: str = Field(sa_type=Text(80), unique=True)
    position: int = 0


class Stage(Record, table=True):
    """One stage of a pipeline, in the order of `position`.

    `probability` (0 to 1) weighs amounts in it; `required` names the fields of an
    opportunity that must be filled in before it enters.
    """

    __tablename__ = "stage"
    __label__: ClassVar = N_("Stage")
    __table_args__ = (UniqueConstraint("pipeline_id", "name"),)

    pipeline_id: int = Field(foreign_key="pipeline.id", ondelete="RESTRICT", sa_type=Id)
    name: str = Field(sa_type=Text(80))
    position: int = 0
    color: str = Field(default="gray", sa_type=Text(20))
    probability: Decimal = Field(default=Decimal(0), sa_type=Amount)
    kind: StageKind = Field(default=StageKind.OPEN, sa_type=stored(StageKind))
    required: list[str] = Field(default_factory=list, sa_type=Json)

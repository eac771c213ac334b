"""How the columns of a file become fields: what is read from where, and how."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pyarrow as pa

from crm.config import settings
from crm.services.imports.choices import Choices
from crm.services.imports.formats import FileFormat
from crm.services.imports.parsed import Parsed
from crm.services.imports.results import Doubt
from crm.services.imports.targets import Field, Target
from crm.services.imports.values import Options, parse
from crm.services.imports.votes import DateOrder, DateVotes, NumberFormat, NumberVotes


@dataclass(frozen=True)
class Layout:
    """A file and a target, brought together by choices.

    Args:
        columns: field → column, for the fields that are mapped.
        numbers, dates: column → how it is written, as chosen or as found.
    """

    form: FileFormat
    target: Target
    choices: Choices
    columns: Mapping[str, str]
    numbers: Mapping[str, NumberFormat] = field(default_factory=dict)
    dates: Mapping[str, DateOrder] = field(default_factory=dict)

    @property
    def mapped(self) -> frozenset[str]:
        """The columns that go into a field."""
        return frozenset(self.columns.values())

    def names(self, field_name: str) -> bool:
        """Whether a column goes into the field of that name."""
        return field_name in self.columns

    def read(self, field_: Field, columns: pa.Table) -> Parsed:
        """The values of one field in some rows; of orders, required ones must be there.

        Records that are there need no required field: see `rows_of_records`.
        """
        column = self.columns[field_.name]
        if self.target.group_by is None:
            field_ = replace(field_, required=False)
        return parse(columns[column], field_, self._options(column))

    def read_all(self, columns: pa.Table) -> dict[str, Parsed]:
        """The values of all mapped fields, by field."""
        return self.read_some(columns, self.columns.keys())

    def read_some(
        self, columns: pa.Table, wanted: Collection[str]
    ) -> dict[str, Parsed]:
        """The values of those of the mapped fields that are `wanted`, by field."""
        mapped = [f for f in self.target.fields if f.name in self.columns]
        return {f.name: self.read(f, columns) for f in mapped if f.name in wanted}

    def _options(self, column: str) -> Options:
        return Options(
            numbers=self.numbers.get(column, NumberFormat.POINT),
            dates=self.dates.get(column, DateOrder.DAY_FIRST),
            zone=ZoneInfo(self.choices.zone or settings().timezone),
            country=self.choices.country,
        )


def layout(form: FileFormat, target: Target, choices: Choices) -> Layout:
    """The layout before the file has been read through."""
    columns = {name: column for column, name in choices.mapping.items()}
    return Layout(form, target, choices, columns, choices.numbers, choices.dates)


def settled(
    plan: Layout, votes: Mapping[str, NumberVotes | DateVotes]
) -> tuple[Layout, list[Doubt]]:
    """The layout with the formats that `votes` (by column) name where none is chosen,
    and the columns that leave a doubt.
    """
    numbers, dates = dict(plan.numbers), dict(plan.dates)
    doubts = []
    for column, found in votes.items():
        if isinstance(found, NumberVotes):
            chosen: NumberFormat | DateOrder = numbers.setdefault(column, found.format)
        else:
            chosen = dates.setdefault(column, found.order)
        is_chosen = column in plan.numbers or column in plan.dates
        if found.doubt and not is_chosen:
            doubts.append(Doubt(column, chosen, found.doubt))
    return replace(plan, numbers=numbers, dates=dates), doubts

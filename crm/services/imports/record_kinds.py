"""What is particular about rows that are customers, products or leads."""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from crm.errors import RuleBroken
from crm.i18n import _
from crm.models import LeadStatus, Unfit, folded, utcnow
from crm.services.customers import customers
from crm.services.imports.record_rows import RecordRow, Values

NAME = 200  # characters of the name of a lead


class CustomerRow(RecordRow):
    """A customer, perhaps below another one that stands in the same file."""

    def _links(self, row: Any) -> dict[str, int]:
        links = super()._links(row)
        if (text := self._value("parent")) is None:
            return links
        ids = self.facts.customers.get(text, [])
        if self._is_above_itself(row, text, ids):
            self._lacks("parent", _("A company cannot be its own parent."))
        elif len(ids) == 1:
            links["parent_id"] = ids[0]
        elif not ids and self._is_made_here(folded(text)):
            self.parent = text
            self.plan.above[self._name(row)] = folded(text)
            self.plan.below.append((self.place, text))
        else:
            words = _("{count} customers are called “{who}”; none is linked.")
            self._lacks("parent", words, count=len(ids), who=text)
        return links

    def _name(self, row: Any) -> str:
        return folded(self._value("name") or (row.name if row else None))

    def _is_made_here(self, name: str) -> bool:
        """Whether the batch has a row for a new customer of that folded name."""
        names, found = self.facts.values.get("name", []), self.facts.found
        return any(
            folded(one) == name and place not in found
            for place, one in enumerate(names)
            if one
        )

    def _is_above_itself(self, row: Any, text: str, ids: list[int]) -> bool:
        own, above = self._name(row), folded(text)
        for _step in range(len(self.plan.above) + 1):
            if above == own:
                return True
            above = self.plan.above.get(above, "")
        if row is None or len(ids) != 1:
            return False
        meant: Any = SimpleNamespace(id=row.id, parent_id=ids[0])
        try:
            customers.refuse_circle(self.session, meant)
        except RuleBroken:
            return True
        return False


class ProductRow(RecordRow):
    """A product; without a name it is called by its SKU."""

    def _given(self, row: Any) -> Values:
        given = super()._given(row)
        if row is None and given.get("name") is None:
            given["name"] = given.get("sku")
        return given


class LeadRow(RecordRow):
    """A lead. One that was converted elsewhere comes in as it ended: nothing is made
    of it here; one that was converted here stays so.
    """

    def _given(self, row: Any) -> Values:
        given = super()._given(row)
        if given.get("name") is not None:
            given["name"] = self._whole_name(given["name"])
        status = given.get("status")
        if row is not None and row.status is LeadStatus.CONVERTED is not status:
            if status is not None:
                self._lacks("status", _("It has been converted; that stays."))
            given["status"] = None
        return given

    def _settled(self, row: Any, values: Values) -> Values:
        before = row.status if row else None
        status = values.get("status", before or LeadStatus.NEW)
        reason = values.get("unfit_reason") or (row.unfit_reason if row else None)
        if status is LeadStatus.DISQUALIFIED and reason is None:
            values["unfit_reason"] = Unfit.OTHER
        elif status is not LeadStatus.DISQUALIFIED and reason is not None:
            if values.pop("unfit_reason", None) is not None:
                words = _("Only what is disqualified has a reason; it is left out.")
                self._lacks("unfit_reason", words)
            if row is not None and row.unfit_reason is not None:
                values["unfit_reason"] = None
        converts = status is LeadStatus.CONVERTED is not before
        if row is None or converts:
            values |= self._history(row, status)
        return values

    def _links(self, row: Any) -> dict[str, int]:
        links = super()._links(row)
        if row is not None and row.status is LeadStatus.CONVERTED:
            links.pop("customer_id", None)
        return links

    def _names(self) -> Sequence[str]:
        extra = {"first_name", "created", "ended"}
        return [name for name in super()._names() if name not in extra]

    def _whole_name(self, name: str) -> str:
        first = self._value("first_name")
        if first is None or folded(name).startswith(folded(first)):
            return name
        return f"{first} {name}"[:NAME]

    def _history(self, row: Any, status: LeadStatus) -> Values:
        """When a lead came in and ended; of a disqualified one, the last change."""
        created = self._past("created") if row is None else row.created_at
        ended = self._past("ended")
        if ended is not None and created is not None and ended < created:
            self._lacks("ended", _("It ends before it came in; now is taken."))
            ended = None
        said: Values = {}
        if row is None and created is not None:
            said["created_at"] = created
        if status is LeadStatus.CONVERTED:
            said["converted_at"] = ended or utcnow()
        elif status is LeadStatus.DISQUALIFIED and ended is not None:
            said["updated_at"] = ended
        return said

    def _past(self, name: str) -> datetime | None:
        at: datetime | None = self._value(name)
        if at is not None and at > utcnow():
            self._lacks(name, _("This lies in the future; now is taken."))
            return None
        return at

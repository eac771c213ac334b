"""What a field is called where people read: as on the screen, in their language."""

from functools import cache

from sqlmodel import SQLModel

from crm.i18n import N_, _
from crm.services.fields import ENTITIES

MORE = {  # fields of forms and of the log that no list has
    "activity_id": N_("Activity"),
    "address": N_("Address"),
    "answer": N_("Answer"),
    "answer_note": N_("Remark"),
    "at": N_("When"),
    "body": N_("Text"),
    "budget": N_("Budget"),
    "by": N_("Answered by"),
    "by_id": N_("User"),
    "campaign_id": N_("Campaign"),
    "choices": N_("Choices"),
    "color": N_("Colour"),
    "contact_id": N_("Contact"),
    "cost": N_("Cost"),
    "custom": N_("Custom fields"),
    "day": N_("Date"),
    "deleted_at": N_("In the recycle bin"),
    "discount": N_("Discount"),
    "done_at": N_("Done"),
    "due_at": N_("Due"),
    "expires_at": N_("Expires"),
    "from_stage_id": N_("From stage"),
    "intro": N_("Introduction"),
    "invoice_id": N_("Invoice"),
    "label": N_("Label"),
    "lines": N_("Lines"),
    "max_discount": N_("Discount"),
    "min_quantity": N_("From quantity"),
    "note": N_("Remark"),
    "on": N_("Date"),
    "opportunity_id": N_("Opportunity"),
    "order_id": N_("Order"),
    "ordered_on": N_("Ordered"),
    "password": N_("Password"),
    "period": N_("Period"),
    "pipeline_id": N_("Pipeline"),
    "position": N_("Place in the order"),
    "price_list_id": N_("Price list"),
    "prices": N_("Prices"),
    "probability": N_("Probability"),
    "quantity": N_("Quantity"),
    "quote_id": N_("Quote"),
    "rate": N_("Exchange rate"),
    "rate_on": N_("Date of the rate"),
    "reach": N_("Sees"),
    "reason": N_("Reason"),
    "recipient": N_("Recipient"),
    "required": N_("Required"),
    "rule": N_("Rule"),
    "scopes": N_("Rights"),
    "segment_id": N_("Segment"),
    "subject": N_("Subject"),
    "tag_id": N_("Tag"),
    "team_id": N_("Team"),
    "terms": N_("Terms"),
    "text": N_("Text"),
    "thanks": N_("Thanks"),
    "ticket_id": N_("Ticket"),
    "title": N_("Title"),
    "to_address": N_("Recipient"),
    "to_stage_id": N_("To stage"),
    "type": N_("Type"),
    "unit_price": N_("Unit price"),
    "voided_at": N_("Cancelled"),
    "walk_in": N_("Walk-in customers"),
    "web_form_id": N_("Web form"),
}


def label(name: str, *, of: type[SQLModel] | str | None = None) -> str:
    """What the field `name` is called on the screen.

    `of` is the table, its form or its name: where it has a list, its own word comes
    first. A field that nothing names is read aloud: “goods_back” is “Goods back”.
    """
    return _(_words(_entity(of)).get(name) or _aloud(name))


def place(path: str, *, of: type[SQLModel] | str | None = None) -> str:
    """The same for a place in what was sent: “lines.0.quantity” is
    “Quantity (no. 1)”."""
    parts = path.split(".")
    words = [part for part in parts if not part.isdigit()]
    numbers = [int(part) + 1 for part in parts if part.isdigit()]
    if not words:
        return path  # empty, or the whole list
    name = label(words[-1], of=of if len(words) == 1 else None)
    if not numbers:
        return name
    return _("{field} (no. {n})").format(field=name, n=numbers[-1])


def _entity(of: type[SQLModel] | str | None) -> str | None:
    if of is None or isinstance(of, str):
        return of
    tables = (e for e in ENTITIES.values() if issubclass(e.table, of))
    return next((entity.name for entity in tables), None)


@cache
def _words(entity: str | None) -> dict[str, str]:
    """Labels by name, untranslated; those of `entity` before those of all others."""
    first = [ENTITIES[entity]] if entity in ENTITIES else []
    found = dict(MORE)
    for one in [*reversed(ENTITIES.values()), *first]:
        found |= {field.name: field.label for field in one.fields}
    return found


def _aloud(name: str) -> str:
    words = name.removesuffix("_id").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words.isascii() else name

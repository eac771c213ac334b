"""What one row says about its stage, customer, product, owner, reason and worth."""

from datetime import date
from typing import Any

from crm import db
from crm.config import settings
from crm.i18n import _
from crm.models import LostReason, Stage, StageKind, WonReason, folded
from crm.services.imports.choices import (
    MissingFields,
    UnknownCustomers,
    WithoutCustomer,
)
from crm.services.imports.keys import as_key
from crm.services.imports.meanings import NOTHING, Meant, stage_term
from crm.services.imports.opportunity_plan import Refused, SalesRow, Values
from crm.services.imports.verdict import Fate
from crm.services.money import exchange
from crm.services.prices.pricing import LARGEST
from crm.services.sales import opportunity_moves
from crm.services.sales.opportunity_fields import LOST_REASONS, WON_REASONS
from crm.services.sales.opportunity_moves import labelled

LONGEST_NAME = 200
LAST = 10_000  # more than a pipeline has stages
_COLUMN = {"close_on": "closes", "owner_id": "owner"}  # as a file calls them


def stage(row: SalesRow, there: Any) -> Stage:
    """The stage that is meant; of an opportunity that is `there`, at least its own.

    Raises:
        Refused: nobody has said which one is meant.
    """
    ways, text, state = row.facts.ways, row.value("stage"), row.value("state")
    if there is not None and text is None and state in (None, there.state):
        return next(one for one in ways.stages if one.id == there.stage_id)
    said = row.value("pipeline")
    chosen = there.pipeline_id if there else row.layout.choices.pipeline
    pipeline = ways.pipeline(said, chosen)
    if said is not None and folded(said) not in {
        folded(p.name) for p in ways.pipelines
    }:
        row.wonder("pipeline", said)
    if pipeline is None:
        words = _("There is no pipeline “{pipeline}”; say which one is meant.")
        raise Refused(words, "pipeline" if said else None, pipeline=said or chosen)
    if text is not None and ways.named(pipeline, text) is None and _counts(state):
        row.wonder("stage", stage_term(pipeline, text))
    found = ways.stage(pipeline, text, state)
    if found is None:
        words = _("“{pipeline}” has no stage “{stage}”; say which one is meant.")
        raise Refused(
            words, "stage", pipeline=pipeline.name, stage=text or _(str(state))
        )
    return found


def _counts(state: StageKind | None) -> bool:
    """Whether it is the stage that says how an opportunity stands."""
    return state not in (StageKind.WON, StageKind.LOST)


def customer(row: SalesRow) -> tuple[int | None, str | None]:
    """The id of the customer, or the key of one that is to be made; neither: the
    walk-in customer.

    Raises:
        Refused: there is none, and then the row is not wanted.
    """
    external, name = row.value("customer_external_id"), row.value("customer_name")
    names = ("customer_external_id", "customer_name")
    column = next((one for one in names if row.value(one) is not None), None)
    if external is None and name is None:
        column = next(filter(row.layout.names, names), None)
        if row.layout.choices.without_customer is WithoutCustomer.SKIP:
            words = _("The opportunity names no customer.")
            raise Refused(words, column, fate=Fate.SKIPPED)
        row.remark(column, _("No customer is named: the walk-in customer has it."))
        return None, None
    ids = row.facts.customers.get(external or "", [])
    ids = ids or row.facts.customers.get(name or "", [])
    if len(ids) > 1:
        raise Refused(_("Several customers have this name."), column)
    if external in row.facts.taken and not ids:
        raise Refused(_("The customer is out of your reach."), column)
    return (ids[0], None) if ids else _unknown_customer(row, external, name, column)


def _unknown_customer(
    row: SalesRow, external: str | None, name: str | None, column: str | None
) -> tuple[None, str | None]:
    called = name or _("Customer {number}").format(number=external)
    choice = row.layout.choices.unknown_customers
    if choice is UnknownCustomers.SKIP:
        words = _("There is no customer “{who}”.")
        raise Refused(words, column, fate=Fate.SKIPPED, who=name or external)
    if choice is UnknownCustomers.WALK_IN:
        words = _("There is no customer “{who}”: the walk-in customer has it.")
        row.remark(column, words, who=name or external)
        return None, None
    return None, row.plan.customer_to_make(called[:LONGEST_NAME], external)


def other_customer(row: SalesRow) -> Values:
    """The customer that an opportunity which is there gets; one is never made."""
    external, name = row.value("customer_external_id"), row.value("customer_name")
    ids = row.facts.customers.get(external or "", [])
    ids = ids or row.facts.customers.get(name or "", [])
    if len(ids) == 1:
        return {"customer_id": ids[0]}
    if external is not None or name is not None:
        column = "customer_external_id" if external else "customer_name"
        words = _("{count} customers are called “{who}”; it stays where it is.")
        row.remark(column, words, count=len(ids), who=name or external)
    return {}


def product(row: SalesRow) -> Meant | None:
    """What it is about; None where nothing is said, or nothing is known by it."""
    if (text := row.value("product")) is None:
        return None
    if text in row.facts.asked:
        row.wonder("product", text)
    found = row.facts.products.get(text)
    answer = row.layout.choices.meant.get("product", {}).get(text)
    if found is None and answer != NOTHING:
        words = _("There is no product “{what}”; say which one is meant.")
        row.remark("product", words, what=text)
    return found


def check_asked(row: SalesRow, stage: Stage, values: Values) -> None:
    """Make sure that `values` have what the stage asks for, or say what is missing.

    What is hidden from the actor is not asked of them.

    Raises:
        Refused: a field is empty, and then the row is not wanted.
    """
    if not stage.id:  # it will be made behind the others
        stage = Stage(**stage.model_dump(exclude={"position"}), position=LAST)
    passed = opportunity_moves.behind(stage, row.facts.ways.stages)
    actor = db.actor_of(row.session)
    empty = [
        name
        for name in opportunity_moves.asked(stage, passed)
        if values.get(name) in (None, "") and not actor.hides("opportunity", name)
    ]
    if not empty:
        return
    told = ", ".join(labelled(empty))
    columns = (_COLUMN.get(name, name) for name in empty)
    column = next(filter(row.layout.names, columns), None)
    if row.layout.choices.missing_fields is MissingFields.REFUSE:
        words = _("Before “{stage}”, fill in: {fields}.")
        raise Refused(words, column, stage=stage.name, fields=told)
    words = _("“{stage}” asks for {fields}: it goes in without.")
    row.remark(column, words, stage=stage.name, fields=told)


def owner(row: SalesRow, *, is_there: bool = False) -> Values:
    """Whose it is: of the actor where the file has no such column, else of nobody
    where the file does not say, or says what nobody is called.
    """
    if not row.layout.names("owner"):
        return {} if is_there else {"owner_id": db.actor_of(row.session).user_id}
    if (text := row.value("owner")) is None:
        return {}
    answer = row.layout.choices.meant.get("owner", {}).get(text, "")
    if (key := as_key("name", text) or "") in row.facts.users:
        return {"owner_id": row.facts.users[key]}
    row.wonder("owner", text)
    if answer.isdecimal() and int(answer) in row.facts.users.values():
        return {"owner_id": int(answer)}
    if answer != NOTHING:
        words = _("There is no user “{who}”; say who is meant.")
        row.remark("owner", words, who=text)
    return {}


def reason(row: SalesRow, state: StageKind | None, there: Any) -> Values:
    """The reason of how it ended; what is none of ours is “other”, with a note.

    Of an opportunity that is `there`, a `state` of None stands for its own.
    """
    moved, text = state is not None, row.value("reason")
    state = state or there.state
    none = {"won_reason": None, "lost_reason": None, "close_note": None}
    if state is StageKind.OPEN:
        if text is not None:
            words = _("A reason goes with what is won or lost; it is left out.")
            row.remark("reason", words)
        return none if moved and there is not None else {}
    said = none if moved and there is not None else {}
    if text is None:
        return said
    won = state is StageKind.WON
    known, name = (_WON, "won_reason") if won else (_LOST, "lost_reason")
    if (found := known.get(folded(text))) is not None:
        return said | {name: found}
    other = WonReason.OTHER if won else LostReason.OTHER
    return said | {name: other, "close_note": text}


def money(row: SalesRow, values: Values, day: date) -> Values:
    """Currency, and the rate of the `day`, for the amount in `values`.

    Raises:
        Refused: an amount below zero, or more than can be kept.
    """
    amount, book = values.get("amount"), settings().currency
    currency = values.get("currency") or row.layout.choices.currency or book
    rated = row.facts.rate(currency, day)
    if amount is None:
        found = rated or (None, None)
        return {"currency": currency, "rate": found[0], "rate_on": found[1]}
    if amount < 0:
        raise Refused(_("An amount is not negative."), "amount")
    base = exchange.worth(amount, currency, rated and rated[0])
    if amount > LARGEST or not exchange.is_kept(base):
        words = _("An opportunity is worth at most {amount}.")
        raise Refused(words, "amount", amount=f"{LARGEST:,}")
    if rated is None:
        words = _(
            "No rate of {currency} is known for {day}; its worth in {book} is open."
        )
        facts = {"currency": currency, "day": day.isoformat(), "book": book}
        row.remark(
            "amount" if row.layout.names("amount") else "currency", words, **facts
        )
    found = rated or (None, None)
    return {"currency": currency, "rate": found[0], "rate_on": found[1]}


def name(row: SalesRow, what: Meant | None) -> str:
    """What an opportunity without a name is called."""
    about = [what.name] if what else []
    if (who := row.value("customer_name")) is not None:
        about.append(who)
    external = row.value("external_id")
    words = _("Opportunity {number}")
    number = external or f"{int(row.plan.verdict.batch.rows[row.place]):,}"
    return " · ".join(about)[:LONGEST_NAME] or words.format(number=number)


def _known(reasons: Any, labels: dict[str, str]) -> dict[str, Any]:
    """Our reasons by their values, and by their labels in English."""
    found = {folded(labels[one.value]): one for one in reasons}
    return found | {folded(one.value): one for one in reasons}


_WON, _LOST = _known(WonReason, WON_REASONS), _known(LostReason, LOST_REASONS)

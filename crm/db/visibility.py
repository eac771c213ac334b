"""Row-level security: what is out of reach is not there, for any SELECT.

A session of `crm.db` adds these conditions to every statement that names one of
these entities, so that no page or endpoint can forget them.
"""

from typing import Any

from sqlalchemy import ColumnElement, event, or_, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlmodel import Session, col

from crm.db.hidden_columns import is_analysed
from crm.errors import RuleBroken
from crm.models import (
    Action,
    Activity,
    Actor,
    Analysis,
    ApiToken,
    Binned,
    Campaign,
    Change,
    Contact,
    Customer,
    Estimate,
    ForecastOverride,
    ImportIssue,
    ImportRun,
    Invoice,
    InvoiceLine,
    Job,
    Lead,
    Opportunity,
    OpportunityLine,
    Order,
    OrderLine,
    OutgoingMail,
    Payment,
    Product,
    Quote,
    QuoteLine,
    Reach,
    Recipient,
    Record,
    Role,
    SavedView,
    Segment,
    Sharing,
    StageChange,
    Subscription,
    Suggestion,
    Target,
    Ticket,
    User,
)

WITH_CUSTOMER: tuple[Any, ...] = (
    Order, Subscription, Opportunity, Quote, Invoice, Payment,
)  # fmt: skip
PARTS: tuple[tuple[Any, Any, Any], ...] = (  # in reach with what they are part of
    (OrderLine, OrderLine.order_id, Order),
    (OpportunityLine, OpportunityLine.opportunity_id, Opportunity),
    (StageChange, StageChange.opportunity_id, Opportunity),
    (Estimate, Estimate.opportunity_id, Opportunity),
    (QuoteLine, QuoteLine.quote_id, Quote),
    (InvoiceLine, InvoiceLine.invoice_id, Invoice),
)
everything = {"include_deleted": True}
"""Execution options of a statement that also looks into the recycle bin."""


def apply(session: Session) -> None:
    """Filter every SELECT, UPDATE and DELETE of `session` by its actor's reach."""
    options = _options(session.info["actor"])

    @event.listens_for(session, "do_orm_execute")
    def filtered(state: ORMExecuteState) -> None:
        if state.is_column_load or state.is_relationship_load:
            return
        _refuse_unlogged(state)
        if not state.execution_options.get("include_deleted"):
            state.statement = state.statement.options(*_ALIVE)
        if options:
            state.statement = state.statement.options(*options)


def _refuse_unlogged(state: ORMExecuteState) -> None:
    """Records are changed one by one, or past the session and logged as a batch."""
    writes = state.is_update or state.is_delete or state.is_insert
    mapper = state.bind_mapper
    if writes and mapper is not None and issubclass(mapper.class_, Record):
        raise RuleBroken("A bulk statement on records would not be logged.")


_ALIVE = [
    with_loader_criteria(entity, col(entity.deleted_at).is_(None), include_aliases=True)
    for entity in Binned.__subclasses__()
]


def _options(actor: Actor) -> list[Any]:
    """The conditions for `actor`, one per entity."""
    if actor.is_system:
        return []
    pairs = _shared(actor)
    if not actor.sees_all:
        pairs += _rows(actor)
    return [
        with_loader_criteria(entity, condition, include_aliases=True)
        for entity, condition in pairs
    ] + [_nothing(entity) for entity in _unreadable(actor)]


def _rows(actor: Actor) -> list[tuple[type, ColumnElement[bool]]]:
    """Own or team rows; a customer's contacts, orders and activities go with it."""
    customers = select(col(Customer.id)).where(_owned(Customer.owner_id, actor))
    seen = customers.scalar_subquery()
    return [
        (Customer, _owned(Customer.owner_id, actor)),
        (
            Contact,
            or_(
                col(Contact.customer_id).in_(seen),
                col(Contact.customer_id).is_(None) & _owned(Contact.owner_id, actor),
            ),
        ),
        (
            Activity,
            or_(
                col(Activity.customer_id).in_(seen),
                col(Activity.customer_id).is_(None) & _owned(Activity.owner_id, actor),
            ),
        ),
        *((kind, col(kind.customer_id).in_(seen)) for kind in WITH_CUSTOMER),
        *(
            (
                part,
                col(link).in_(
                    select(col(whole.id)).where(col(whole.customer_id).in_(seen))
                ),
            )
            for part, link, whole in PARTS
        ),
        (OutgoingMail, _mail(seen, actor)),
        (Target, _about(Target, actor)),
        (ForecastOverride, _about(ForecastOverride, actor)),
        (
            Lead,
            or_(
                col(Lead.customer_id).in_(seen),
                col(Lead.customer_id).is_(None) & _owned(Lead.owner_id, actor),
            ),
        ),
        (
            Ticket,
            or_(
                col(Ticket.customer_id).in_(seen),
                col(Ticket.customer_id).is_(None) & _owned(Ticket.owner_id, actor),
            ),
        ),
        (Recipient, col(Recipient.customer_id).in_(seen)),
        (Change, col(Change.customer_id).in_(seen)),
        (Analysis, col(Analysis.owner_id) == actor.user_id),
        (Suggestion, col(Suggestion.customer_id).in_(seen)),
    ]


def _mail(seen: Any, actor: Actor) -> ColumnElement[bool]:
    """To a customer in reach; to nobody's customer, the actor's own."""
    alone = col(OutgoingMail.customer_id).is_(None)
    mine = col(OutgoingMail.by_id) == actor.user_id
    return or_(col(OutgoingMail.customer_id).in_(seen), alone & mine)


def _about(kind: Any, actor: Actor) -> ColumnElement[bool]:
    """What is said of everyone, of the actor's team, or of somebody in reach."""
    teams = or_(col(kind.team_id).is_(None), col(kind.team_id) == actor.team_id)
    return _owned(kind.owner_id, actor) & teams


def _shared(actor: Actor) -> list[tuple[type, ColumnElement[bool]]]:
    """What belongs to users: private, of the team, of all; jobs of their starter."""
    views = or_(
        col(SavedView.owner_id) == actor.user_id,
        col(SavedView.sharing) == Sharing.ALL,
        (col(SavedView.sharing) == Sharing.TEAM)
        & (col(SavedView.team_id) == actor.team_id),
    )
    pairs: list[tuple[type, ColumnElement[bool]]] = [(SavedView, views)]
    if is_analysed(actor.hidden):  # those of others were made with what is hidden
        pairs.append((Analysis, col(Analysis.owner_id) == actor.user_id))
    if actor.role is not Role.ADMIN:
        mine = select(col(ImportRun.id)).where(col(ImportRun.owner_id) == actor.user_id)
        pairs += [
            (Job, col(Job.owner_id) == actor.user_id),
            (ImportRun, col(ImportRun.owner_id) == actor.user_id),
            (ImportIssue, col(ImportIssue.import_id).in_(mine.scalar_subquery())),
            (ApiToken, col(ApiToken.user_id) == actor.user_id),
        ]
    return pairs


def _owned(owner: Any, actor: Actor) -> ColumnElement[bool]:
    """Nobody's, the actor's own, or of somebody on the actor's team."""
    mine = or_(col(owner).is_(None), col(owner) == actor.user_id)
    if actor.reach is Reach.TEAM and actor.team_id is not None:
        mates = select(col(User.id)).where(col(User.team_id) == actor.team_id)
        return or_(mine, col(owner).in_(mates.scalar_subquery()))
    return mine


def _unreadable(actor: Actor) -> list[type]:
    """The entities that the actor's role, or token, may not read at all."""
    guarded = (
        Customer, Contact, Activity, Product, Order, Segment, Analysis, Job, Suggestion,
        Subscription, Lead, Opportunity, OpportunityLine, StageChange, Estimate, Quote,
        QuoteLine, Invoice, InvoiceLine, Payment, OutgoingMail, ForecastOverride,
        Ticket, Campaign, Recipient,
    )  # fmt: skip
    return [e for e in guarded if not actor.may(Action.READ, e.__tablename__)]


def _nothing(entity: Any) -> Any:
    return with_loader_criteria(entity, entity.id.is_(None), include_aliases=True)

"""Who may do what: roles, actions, and the rows in reach."""

from dataclasses import dataclass, replace
from enum import StrEnum

from crm.i18n import N_


class Role(StrEnum):
    """What somebody is here for."""

    ADMIN = "admin"
    MANAGER = "manager"
    SALES = "sales"
    SERVICE = "service"
    MARKETING = "marketing"
    READ_ONLY = "read_only"


class Reach(StrEnum):
    """Whose records somebody sees. Records without an owner are in everyone's reach."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


class Action(StrEnum):
    """What can be done to records of one kind."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    EXPORT = "export"
    IMPORT = "import"


ROLE_LABELS = {
    Role.ADMIN: N_("Administrator"),
    Role.MANAGER: N_("Manager"),
    Role.SALES: N_("Sales"),
    Role.SERVICE: N_("Service"),
    Role.MARKETING: N_("Marketing"),
    Role.READ_ONLY: N_("Read only"),
}
REACH_LABELS = {
    Reach.OWN: N_("Own records"),
    Reach.TEAM: N_("Records of the team"),
    Reach.ALL: N_("All records"),
}

_A = Action
READ = frozenset({_A.READ})
EDIT = frozenset({_A.READ, _A.CREATE, _A.UPDATE})
FULL = frozenset(Action)
WORK = EDIT | {_A.DELETE, _A.EXPORT}

OFFICE = (  # what somebody sets up rather than works with
    "app_user", "team", "custom_field", "setting", "audit", "api_token_all",
    "hidden_field",
)  # fmt: skip
SHARED = (  # what everyone looks things up in
    "pipeline", "stage", "exchange_rate", "price_list", "list_price", "target",
    "web_form",
)  # fmt: skip
TRADE = (  # what sales works with and others look at
    "product", "sales_order", "order_line", "subscription", "opportunity",
    "opportunity_line", "stage_change", "estimate", "quote", "quote_line", "invoice",
    "invoice_line", "payment", "forecast_override",
)  # fmt: skip
DATA = (
    *TRADE, "customer", "contact", "activity", "lead", "outgoing_mail", "tag",
    "tagging", "contact_point", "custom_value", "segment", "segment_member",
    "saved_view", "import_run", "job", "analysis", "suggestion", "favourite",
    "api_token", "draft", "ticket", "campaign", "recipient",
)  # fmt: skip
ATTACHED = frozenset({"contact_point", "custom_value", "tagging"})
LINES = {  # of which document
    "order_line": "sales_order", "opportunity_line": "opportunity",
    "quote_line": "quote", "invoice_line": "invoice",
}  # fmt: skip
WITH = {  # written, and taken back, with what record
    "stage_change": "opportunity", "estimate": "opportunity",
    "list_price": "price_list", "recipient": "campaign",
}  # fmt: skip
PERSONAL = frozenset({"saved_view", "favourite", "draft", "api_token"})
BOOKED = ("invoice", "payment")  # corrected by another document, never deleted
LOOK = READ | {_A.EXPORT}
SETUP = dict.fromkeys(("app_user", "team", "custom_field", "setting"), READ)

RIGHTS: dict[Role, dict[str, frozenset[Action]]] = {
    Role.ADMIN: dict.fromkeys(DATA + OFFICE + SHARED, FULL),
    Role.MANAGER: dict.fromkeys(DATA, FULL)
    | SETUP
    | {"audit": READ}
    | dict.fromkeys(("exchange_rate", "price_list", "list_price", "target"), FULL),
    Role.SALES: dict.fromkeys(DATA, WORK)
    | SETUP
    | {"customer": FULL, "contact": FULL, "lead": FULL, "opportunity": FULL,
       "product": LOOK, "forecast_override": READ},
    Role.SERVICE: dict.fromkeys(DATA, EDIT)
    | SETUP
    | dict.fromkeys((*TRADE, "lead", "campaign", "recipient"), READ)
    | dict.fromkeys(ATTACHED, WORK)
    | {"ticket": FULL},
    Role.MARKETING: dict.fromkeys(DATA, WORK)
    | SETUP
    | dict.fromkeys(TRADE, LOOK)
    | dict.fromkeys(("campaign", "recipient"), FULL),
    Role.READ_ONLY: dict.fromkeys(DATA, READ) | SETUP,
}  # fmt: skip
for _rights in RIGHTS.values():  # everyone keeps own views, favourites and drafts
    _rights.update(dict.fromkeys(PERSONAL, WORK))
    for _name in SHARED:
        _rights[_name] = READ | _rights.get(_name, READ)
    for _name in BOOKED:
        _rights[_name] -= {_A.DELETE}


@dataclass(frozen=True)
class Actor:
    """Who acts: a user, a token of a user, or the system itself.

    `scopes` narrows a token to pairs such as "customer:read"; None means all that
    the role may do. What is attached to a record is written by whoever may write it.
    `hidden` names the fields that the role may neither read nor write: “table.field”,
    for a custom field also “custom_field.<id>”.
    """

    user_id: int | None
    name: str
    role: Role
    reach: Reach = Reach.ALL
    team_id: int | None = None
    kind: str = "user"  # user, token, job, system
    scopes: frozenset[str] | None = None
    language: str = "en"
    session_id: int | None = None
    hidden: frozenset[str] = frozenset()

    def may(self, action: Action, entity: str) -> bool:
        """Whether this actor may do `action` to records of table `entity` at all."""
        if self.scopes is not None and not self._in_scope(action, entity):
            return False
        return action in RIGHTS[self.role].get(entity, frozenset())

    def _in_scope(self, action: Action, entity: str) -> bool:
        scopes = self.scopes or frozenset()
        entity = LINES.get(entity, entity)
        if entity == "job":  # whoever may have something computed may follow it
            entity = "analysis"
        if entity in SHARED and action is _A.READ:
            return True
        if (whole := WITH.get(entity)) is not None:
            wanted = {action} if action is _A.READ else {_A.CREATE, _A.UPDATE}
            return any(f"{whole}:{one}" in scopes for one in wanted)
        if entity in ATTACHED and action is not Action.READ:
            return any(one.endswith((":create", ":update")) for one in scopes)
        return f"{entity}:{action}" in scopes

    def hides(self, entity: str, field: str) -> bool:
        """Whether this field is hidden from this actor."""
        return f"{entity}.{field}" in self.hidden

    @property
    def sees_all(self) -> bool:
        """Whether no row is hidden from this actor."""
        return self.reach is Reach.ALL

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    def working(self) -> "Actor":
        """The same rights, used by a job that this actor has started."""
        return replace(self, kind="job", session_id=None)


SYSTEM = Actor(user_id=None, name="Clientele", role=Role.ADMIN, kind="system")

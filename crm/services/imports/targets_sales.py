"""Leads and opportunities as targets of an import."""

from crm.i18n import N_
from crm.services.imports.target_parts import (
    CHANGED_AT_FIELD,
    EMAIL_FIELD,
    EXTERNAL_ID_FIELD,
    NOTES_FIELD,
    OWNER_FIELD,
    PHONE_FIELD,
    Field,
    Kind,
    Target,
)

_SOURCE = Field("source", N_("Source"), max_length=80)

LEADS = Target(
    "leads",
    "lead",
    N_("Leads"),
    (
        EXTERNAL_ID_FIELD,
        Field(
            "first_name",
            N_("First name"),
            max_length=100,
            help=N_("Is put before the name, where the name does not begin with it"),
        ),
        Field("name", N_("Name"), required=True, max_length=200),
        Field("company", N_("Company"), max_length=200),
        EMAIL_FIELD,
        PHONE_FIELD,
        _SOURCE,
        Field(
            "status",
            N_("Status"),
            Kind.CHOICE,
            forgiving=True,
            help=N_(
                "New, working, converted or disqualified. One that is converted comes "
                "in as it ended: nothing is made of it once more."
            ),
            choices={
                "new": (
                    *("open", "not contacted", "open - not contacted"),
                    *("subscriber", "neu", "offen", "nouveau", "nuevo"),
                    *("新", "新建", "未联系", "未处理"),
                ),
                "working": (
                    *("in progress", "in_progress", "contacted", "connected"),
                    *("working - contacted", "attempted to contact", "open deal"),
                    *("attempted_to_contact", "contact in future", "open_deal"),
                    *("pre qualified", "pre-qualified", "qualified", "nurturing"),
                    *("in arbeit", "in bearbeitung", "kontaktiert", "en cours"),
                    *("en curso", "跟进中", "已联系", "处理中"),
                ),
                "converted": (
                    *("closed - converted", "customer", "opportunity", "won"),
                    *("konvertiert", "umgewandelt", "converti", "convertido"),
                    *("已转化", "已转换", "已成交"),
                ),
                "disqualified": (
                    *("closed - not converted", "not qualified", "unqualified", "junk"),
                    *("junk lead",),
                    *("lost lead", "lost", "bad timing", "bad_timing", "rejected"),
                    *("disqualifiziert", "verloren", "disqualifié", "descartado"),
                    *("不合格", "已失效", "无效", "已关闭"),
                ),
            },
        ),
        Field(
            "unfit_reason",
            N_("Why it is disqualified"),
            Kind.CHOICE,
            forgiving=True,
            help=N_("Without one, a disqualified lead has “other”"),
            choices={
                "no_need": ("no need", "not interested", "kein bedarf", "无需求"),
                "no_budget": ("no budget", "budget", "too expensive", "无预算"),
                "no_answer": ("no answer", "no response", "unreachable", "无回应"),
                "wrong_data": ("wrong data", "invalid", "bad data", "数据错误"),
                "duplicate": ("double", "dublette", "重复"),
                "other": ("other reason", "sonstiges", "autre", "otro", "其他"),
            },
        ),
        Field(
            "customer",
            N_("Customer"),
            max_length=200,
            help=N_("External id or name of the customer that it became"),
        ),
        Field(
            "created",
            N_("Came in"),
            Kind.MOMENT,
            forgiving=True,
            help=N_("In the past; only of new leads. Without one: now"),
        ),
        Field(
            "ended",
            N_("Converted or disqualified on"),
            Kind.MOMENT,
            forgiving=True,
            help=N_("In the past; only of new leads. Without one: now"),
        ),
        NOTES_FIELD,
        OWNER_FIELD,
        CHANGED_AT_FIELD,
    ),
    match_keys=("external_id", "email"),
)
OPPORTUNITIES = Target(
    "opportunities",
    "opportunity",
    N_("Opportunities"),
    (
        EXTERNAL_ID_FIELD,
        Field(
            "name",
            N_("Name"),
            max_length=200,
            help=N_("Without one, it is made from the product and the customer"),
        ),
        Field("customer_external_id", N_("Customer's external id"), max_length=80),
        Field("customer_name", N_("Customer's name"), max_length=200),
        Field(
            "product",
            N_("Product"),
            max_length=200,
            help=N_("SKU or name; only of new opportunities, which get one line of it"),
        ),
        Field(
            "pipeline",
            N_("Pipeline"),
            max_length=80,
            help=N_("Without one, the pipeline that is chosen for the file"),
        ),
        Field(
            "stage",
            N_("Stage"),
            required=True,
            max_length=80,
            help=N_("A stage of the pipeline; won and lost go by their words"),
        ),
        Field(
            "state",
            N_("Outcome"),
            Kind.CHOICE,
            help=N_(
                "Open, won or lost, where a column says so: it counts more than the "
                "stage"
            ),
            choices={
                "open": (
                    "still open",
                    "offen",
                    "ouvert",
                    "abierto",
                    "进行中",
                    "未结束",
                ),
                "won": ("closed won", "gewonnen", "gagné", "ganado", "赢单", "成交"),
                "lost": ("closed lost", "verloren", "perdu", "perdido", "输单", "丢单"),
            },
        ),
        Field("amount", N_("Amount"), Kind.AMOUNT),
        Field("currency", N_("Currency"), Kind.CURRENCY),
        Field(
            "opened",
            N_("Opened on"),
            Kind.MOMENT,
            help=N_(
                "Only of new opportunities. Without one: now, or the day on which it "
                "ended"
            ),
        ),
        Field(
            "closes",
            N_("Close date"),
            Kind.MOMENT,
            help=N_("Expected while it is open; of what is won or lost, the real end"),
        ),
        Field(
            "owner",
            N_("Owner"),
            max_length=254,
            help=N_(
                "Name or e-mail of a user, also of one who is inactive. Who is unknown "
                "can be matched after the check; else nobody owns it"
            ),
            restricted=True,
        ),
        _SOURCE,
        Field("competitor", N_("Competitor"), max_length=120),
        Field(
            "reason",
            N_("Reason"),
            max_length=500,
            help=N_(
                "Why it was won or lost. What is none of the reasons here becomes "
                "“other”, and is kept as a note on the end"
            ),
        ),
        NOTES_FIELD,
        CHANGED_AT_FIELD,
    ),
    match_keys=("external_id", "name"),
)

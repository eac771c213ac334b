"""The kinds of analysis, and what may be asked of each."""

from datetime import date
from typing import Any

from sqlmodel import Session

from crm.errors import Invalid, NotFound
from crm.i18n import N_, _
from crm.models import Analysis, Job
from crm.services import analyses

USUAL: dict[str, tuple[str, dict[str, Any]]] = {  # kind: its title, what is asked
    "segmentation": (
        N_("Segmentation"),
        {"features": ["recency", "frequency", "monetary"]},
    ),
    "association_rules": (
        N_("Association rules"),
        {
            "min_support": 0.005,
            "max_items": 3,
            "min_confidence": 0.1,
            "check": "later",
            "unit": "basket",
            "level": "product",
            "all_sizes": False,
            "period": "year",
        },
    ),
    "churn": (N_("Churn"), {"horizon": 90, "models": []}),
    "purchase": (N_("Next purchases"), {"horizon": 30}),
    "forecast": (N_("Forecast"), {}),
    "alerts": (N_("Alerts"), {}),
    "cohorts": (N_("Cohorts"), {}),
    "recurring_revenue": (N_("Recurring revenue"), {}),
    "win_chance": (N_("Win probability"), {}),
    "lead_score": (N_("Lead scores"), {}),
    "campaign_effects": (N_("Effects of campaigns"), {}),
    "sales_report": (N_("Sales reports"), {}),
    "lifetime_value": (N_("Lifetime value"), {"horizon": 365, "annual_rate": 0.1}),
    "sales_forecast": (N_("Sales forecast"), {"quarters": 4}),
}
TITLES = {kind: title for kind, (title, _asked) in USUAL.items()} | {
    "migration": N_("Movement between segments")  # asked for with a model of one's own
}
ALWAYS = {analyses.SEGMENT: 0, "since": "2026-01-31"}  # what any kind may be asked


def kinds() -> list[str]:
    """The kinds that can be asked for."""
    return list(USUAL)


def usual(kind: str) -> dict[str, Any]:
    """What is asked of a known kind where nothing else is said."""
    return dict(USUAL[kind][1])


def ask(session: Session, kind: str, given: dict[str, Any], *, as_of: date) -> Job:
    """Have an analysis computed; what `given` does not say is as usual.

    Raises:
        NotFound: there is no such kind.
        Invalid: a parameter that it does not have, or that is of another type.
        Forbidden: the actor may not make analyses.
    """
    if kind not in USUAL:
        raise NotFound(Analysis, kind)
    title, usual = USUAL[kind]
    for name, value in given.items():
        _check(name, value, usual | ALWAYS)
    return analyses.ask(session, kind, _(title), usual | given, as_of=as_of)


def _check(name: str, value: Any, known: dict[str, Any]) -> None:
    if name not in known:
        words = _("There is no parameter “{name}”; there are: {known}.")
        names = ", ".join(sorted(known))
        raise Invalid(words.format(name=name, known=names), field=name)
    example = known[name]
    fits = type(value) is type(example)
    fits = fits or (type(example) is float and type(value) is int)
    if isinstance(example, list) and fits:
        fits = all(isinstance(one, str | int | float) for one in value)
    fits = fits and (name != "since" or _is_day(value))
    if not fits:
        words = _("“{name}” is to be like {example}.")
        raise Invalid(words.format(name=name, example=repr(example)), field=name)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

"""Models, notes and reasons of lead scores, in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from crm.analytics.deals.lead_features import FEATURES, GROUPS
from crm.analytics.notes import Note
from crm.analytics.reasons import Reason
from crm.i18n import N_, _, ngettext
from crm.ui.format import number

MODELS = {
    "model": N_("Logistic regression"),
    "source": N_("The source alone"),
    "base_rate": N_("The same for all"),
}
THEMES = {
    "source": N_("Source"),
    "email": N_("E-mail and its domain"),
    "company": N_("Company"),
    "phone": N_("Phone"),
    "notes": N_("Words in the notes"),
    "form": N_("Web form"),
    "moment": N_("Weekday and hour"),
}


def note(kept: Mapping[str, Any]) -> str:
    """A note of an analysis, as it was stored, in the reader's language."""
    return str(Note(kept["text"], kept["values"]))


def reason(one: Reason) -> str:
    """Such as “▲ Source: referral”."""
    sign = "▲" if one.direction == "raises" else "▼"
    told = _source(one.word) if one.theme == "source" else None
    return f"{sign} {told or FACTS[one.theme](one.value, one.second)}"


def column(row: Mapping[Any, Any]) -> str:
    """A column of the model, such as “Source: referral”."""
    feature = row["feature"]
    if feature in GROUPS:
        return _source(row["level"])
    return _(FEATURES[feature])


def _source(word: str) -> str:
    told = _("{group}: {word}")
    return told.format(group=_("Source"), word=word or _("nothing entered"))


def _email(own_domain: float, has_email: float) -> str:
    if not has_email:
        return _("came in without an e-mail")
    if own_domain:
        return _("e-mail at a domain of its own")
    return _("e-mail at a provider for everyone")


def _company(known: float, _second: float) -> str:
    return _("came in with a company") if known else _("came in without a company")


def _phone(known: float, _second: float) -> str:
    if known:
        return _("came in with a phone number")
    return _("came in without a phone number")


def _notes(count: float, _second: float) -> str:
    if not count:
        return _("came in without notes")
    told = ngettext("{n} word in the notes", "{n} words in the notes", round(count))
    return told.format(n=number(count))


def _form(by_form: float, _second: float) -> str:
    return _("through a web form") if by_form else _("not through a web form")


def _moment(weekend: float, office_hours: float) -> str:
    if weekend:
        return _("came in on a weekend")
    if office_hours:
        return _("came in on a weekday from 8 to 18")
    return _("came in on a weekday before 8 or after 18")


FACTS: dict[str, Callable[[float, float], str]] = {  # by theme of `lead_features`
    "email": _email,
    "company": _company,
    "phone": _phone,
    "notes": _notes,
    "form": _form,
    "moment": _moment,
}

"""How well next products are chosen, in sentences."""

from datetime import date
from typing import Any

from crm.analytics.rules.next_product import N
from crm.analytics.rules.next_product_check import FEWEST
from crm.i18n import _, ngettext
from crm.ui.format import day, number
from crm.ui.insight.rules.figures import share

Facts = dict[str, Any]


def nothing(facts: Facts | None) -> tuple[str, str]:
    """Why there is nothing to offer, and the way on."""
    if facts is None:
        return (
            _("This result holds no next products."),
            _("It was computed by an earlier version. Press “Compute” above."),
        )
    return (
        _("There is nothing to offer."),
        _(
            "It takes customers, and a product sold in this time that some of them do "
            "not have. Take a longer time above, then press “Compute”."
        ),
    )


def headline(facts: Facts) -> str:
    """For how many customers something was chosen."""
    words = ngettext(
        "Next products for {n} customer",
        "Next products for {n} customers",
        facts["customers"],
    )
    return words.format(n=number(facts["customers"]))


def judged(facts: Facts) -> list[str]:
    """What the check on later sales says, and what is therefore offered."""
    if facts["judged"] < FEWEST:
        return [_unjudged(facts), _popular()]
    told = _(
        "Judged on later sales: {n} customers bought something new to them from {day} "
        "on. Of the {offered} products that would have been offered to each the day "
        "before, chosen by what customers with similar purchases have, {similar} of "
        "these customers bought at least one; of the {offered} that most customers "
        "have, {popular}."
    )
    rates = facts["hit_rates"]
    text = told.format(
        n=number(facts["judged"]),
        day=day(date.fromisoformat(facts["judged_from"])),
        offered=number(N),
        similar=share(rates["similar"][-1]),
        popular=share(rates["popular"][-1]),
    )
    return [text, _verdict(facts), *_by_rules(facts)]


def short(facts: Facts) -> str:
    """How they were chosen, for the page of a customer."""
    if facts["method"] == "similar":
        return _("Not bought yet; customers with similar purchases have them")
    return _("Not bought yet; most customers have them")


def _verdict(facts: Facts) -> str:
    mean, low, high = facts["gains"]["similar"]
    told = {"mean": points(mean), "low": points(low), "high": points(high)}
    if facts["method"] == "similar":
        words = _(
            "Choosing by similar purchases finds {mean} percentage points more (95% "
            "interval {low} to {high}), so the offers are chosen that way."
        )
        return words.format(**told)
    words = _(
        "Choosing by similar purchases adds nothing over popularity, as far as these "
        "sales can tell: {mean} percentage points (95% interval {low} to {high})."
    )
    return f"{words.format(**told)} {_popular()}"


def _by_rules(facts: Facts) -> list[str]:
    """What the rules would have reached, where they could be compared."""
    if "rules" not in facts["gains"]:
        return []
    mean, low, high = facts["gains"]["rules"]
    told = {"mean": points(mean), "low": points(low), "high": points(high)}
    if low > 0:
        words = _(
            "The rules find {mean} points more than popularity ({low} to {high})."
        )
    elif high < 0:
        words = _(
            "The rules find less than popularity: {mean} points ({low} to {high})."
        )
    else:
        words = _(
            "The rules add nothing over popularity: {mean} points ({low} to {high})."
        )
    return [words.format(**told)]


def _unjudged(facts: Facts) -> str:
    words = _(
        "Only {n} customers bought something new to them in the later sales; a check "
        "takes {fewest}."
    )
    return words.format(n=number(facts["judged"]), fewest=number(FEWEST))


def _popular() -> str:
    return _(
        "So everybody is offered what most customers have, without what they have "
        "already."
    )


def points(value: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    text = number(abs(value) * 100, places=1)
    return ("+" if value > 0 else "−" if value < 0 else "") + text

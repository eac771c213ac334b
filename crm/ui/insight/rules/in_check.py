"""How rules did on the baskets held out, in words for whoever is to act on them."""

from typing import Any

import pandas as pd

from crm.analytics.rules.rule_check import Check, check
from crm.i18n import N_, _
from crm.ui.format import number
from crm.ui.insight.rules.figures import ratio, share
from crm.ui.insight.rules.result import Found

ADVICE = N_(
    "Do not act on them as they are: a higher support, a longer time, or products "
    "that are sold all year round give rules that last."
)
TOLD = {  # by the verdict of a `Check`
    "held": N_("They held on {baskets}."),
    "weaker": N_("Most of them held on {baskets}, but more weakly."),
    "unknown": N_(
        "Most of them could not be checked: what they join hardly occurs in {baskets}."
    ),
}


def failure(facts: dict[str, Any]) -> str:
    """The headline of rules that have failed."""
    words = _("These rules did not hold on {baskets}")
    return words.format(baskets=_baskets(facts))


def told(facts: dict[str, Any], made: Check) -> str:
    """The verdict on rules that have not failed, with its figures."""
    verdict = _(TOLD[made.verdict]).format(baskets=_baskets(facts))
    return f"{verdict} {figures(made)}" if made.measured else verdict


def figures(made: Check) -> str:
    """What is left of the rules, without a technical word."""
    words = _(
        "Rules that can be measured on the baskets held out: {measured}; {kept} of "
        "these still point the same way. Where the left side is bought, the right side "
        "is too in {later} of the baskets; where the rules were found it was {before} "
        "(medians)."
    )
    return words.format(
        measured=number(made.measured),
        kept=share(made.kept_lift),
        later=share(made.later_confidence),
        before=share(made.confidence),
    )


def of_these(found: Found, rules: pd.DataFrame) -> str:
    """What the check has left of some of the rules, in the middle."""
    if not found.is_checked or rules.empty:
        return ""
    made = check(rules)
    if not made.measured:
        return _("None of them could be checked on the baskets held out.")
    words = _(
        "On the baskets held out {n} of them can be measured: confidence went from "
        "{confidence} to {later_confidence}, lift from {lift} to {later_lift} "
        "(medians), and {kept} kept a lift above 1."
    )
    return words.format(
        n=number(made.measured),
        confidence=share(made.confidence),
        later_confidence=share(made.later_confidence),
        lift=ratio(made.lift),
        later_lift=ratio(made.later_lift),
        kept=share(made.kept_lift),
    )


def _baskets(facts: dict[str, Any]) -> str:
    return _("later baskets") if facts["is_later"] else _("other baskets")

"""What was found, in sentences."""

from datetime import date
from typing import Any

import streamlit as st

from crm.analytics.notes import Note
from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.ui.format import day, number, plain
from crm.ui.insight.rules import in_check
from crm.ui.insight.rules.figures import share
from crm.ui.insight.rules.result import Chosen, Found


def headline(shown: Analysis, found: Found) -> None:
    """How many rules stand beyond chance; above that, where they failed the check."""
    facts = shown.summary
    if not facts["beyond_chance"]:
        st.subheader(plain(_("No rule stands beyond chance")))
        st.markdown(plain(why_none(facts)))
    elif found.is_checked and found.check.verdict == "failed":
        st.subheader(plain(in_check.failure(facts)))
        told = f"{in_check.figures(found.check)} {_(in_check.ADVICE)}"
        both = f"{plain(beyond(facts))}\n\n{plain(told)}"
        st.warning(both, icon=":material/rule:")
    else:
        st.subheader(plain(beyond(facts)))
        if found.is_checked:
            st.markdown(plain(in_check.told(facts, found.check)))
    st.caption(plain(" ".join([_baskets(facts), *_chosen(shown.parameters)])))
    for text, values in facts["notes"]:
        st.info(plain(Note(text, values)), icon=":material/info:")


def beyond(facts: dict[str, Any]) -> str:
    """How many rules stand beyond chance, of how many."""
    words = ngettext(
        "{n} rule stands beyond chance of {possible} possible",
        "{n} rules stand beyond chance of {possible} possible",
        facts["beyond_chance"],
    )
    are_all = facts["beyond_chance"] == facts["kept"] < facts["found"]
    return words.format(
        n=number(facts["beyond_chance"]) + ("+" if are_all else ""),
        possible=number(facts["possible"]),
    )


def why_none(facts: dict[str, Any]) -> str:
    """The reason for which nothing stands, and what may help."""
    told = {
        "count": number(facts["min_count"]),
        "found": number(facts["found"]),
        "possible": number(facts["possible"]),
    }
    if facts["products"] < 2:
        words = _(
            "Fewer than two products lie in {count} baskets or more. Take a longer "
            "time, or a lower support."
        )
    elif facts["itemsets"] == facts["products"]:
        words = _(
            "No two products lie together in {count} baskets or more. Take a longer "
            "time, or a lower support."
        )
    elif not facts["found"]:
        words = _(
            "Products lie together, but no rule reaches the lowest confidence. Take a "
            "lower one."
        )
    else:
        words = _(
            "{found} rules reach the bounds, but each of them is one of {possible} "
            "that could have been found, and among so many these come about by chance. "
            "A longer time, or shorter rules, give a sharper test."
        )
    return words.format(**told)


def left(found: Found, chosen: Chosen) -> None:
    """How many rules the sliders leave, and how these did in the check."""
    words = ngettext(
        "{n} of {all} stored rules is within the bounds.",
        "{n} of {all} stored rules are within the bounds.",
        len(chosen),
    )
    text = words.format(n=number(len(chosen)), all=number(len(found.rules)))
    if chosen.redundant:
        more = ngettext(
            "{n} more says nothing beyond a shorter rule.",
            "{n} more say nothing beyond a shorter rule.",
            chosen.redundant,
        )
        text += " " + more.format(n=number(chosen.redundant))
    st.markdown(f"{plain(text)} {plain(in_check.of_these(found, chosen.rules))}")


def how(shown: Analysis) -> list[str]:
    """How the result was made, for the panel below it."""
    facts, asked = shown.summary, shown.parameters
    bounds = _(
        "Sets of up to {items} products in {count} baskets or more, by an exact "
        "search, depth first: {itemsets}. Of these come all rules with one product on "
        "the right side and a confidence of {confidence} or more: {found}."
    )
    return [
        _unit(asked),
        bounds.format(
            items=facts["max_items"],
            count=number(facts["min_count"]),
            itemsets=number(facts["itemsets"]),
            confidence=share(asked["min_confidence"]),
            found=number(facts["found"]),
        ),
        _(
            "Each rule is tested against chance by Fisher's exact test, one-sided. The "
            "q-value (Benjamini and Hochberg) counts all {possible} rules that could "
            "have been found, not only those that were."
        ).format(possible=number(facts["possible"])),
        _(
            "Rules that would stand even if not one false discovery in all were "
            "allowed (Holm, 5%): {n}."
        ).format(n=number(facts["beyond_doubt"])),
        _(
            "A longer rule is also tested against each shorter one in it, in the "
            "baskets of that one (Webb's productive rules), with the same correction."
        ),
        _(
            "The lower ends are those of 95% intervals after Wilson; that of lift "
            "takes the share of the right side in all baskets as known."
        ),
        _(
            "The rules say what is bought together, not why: whether an offer sells "
            "more is seen from a group that does not get it."
        ),
    ]


def _chosen(asked: dict[str, Any]) -> list[str]:
    """What is unusual about the baskets of this result."""
    told = []
    if asked.get("unit") == "customer":
        told.append(_("A basket here is all that one customer bought in this time."))
    if asked.get("level") == "category":
        told.append(_("Products are taken together by category."))
    return told


def _unit(asked: dict[str, Any]) -> str:
    if asked.get("unit") == "customer":
        return _(
            "A basket is all that a customer bought in the time looked at, by "
            "confirmed sales; the walk-in customer, who stands for many, is left out. "
            "Baskets held out by time are what the same customers bought later."
        )
    return _("A basket is a confirmed sale; products count once in it.")


def _baskets(facts: dict[str, Any]) -> str:
    searched, held = facts["searched"], facts["held_out"]
    words = _("Found in {n} baskets, {first} to {last}.")
    text = words.format(**_period(searched))
    if not held["baskets"]:
        return text + " " + _("Not checked on other baskets.")
    more = _("Checked on {n} other baskets, {first} to {last}.")
    return text + " " + more.format(**_period(held))


def _period(part: dict[str, Any]) -> dict[str, str]:
    return {
        "n": number(part["baskets"]),
        "first": day(date.fromisoformat(part["first"])),
        "last": day(date.fromisoformat(part["last"])),
    }

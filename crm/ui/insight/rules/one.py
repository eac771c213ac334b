"""The rule that is looked at: in words, in the check, its products."""

from typing import Any

import streamlit as st

from crm.i18n import _
from crm.ui import navigation
from crm.ui.format import number, plain
from crm.ui.insight.rules import customers
from crm.ui.insight.rules.figures import of_hundred, ratio, share
from crm.ui.insight.rules.result import SURE, Chosen, Found

LISTED = 300  # rules to choose from by name
HOLDS = 0.05  # p-value in the check, up to which a rule holds there


def show(found: Found, chosen: Chosen) -> None:
    """The rule, chosen here or in a picture; nothing while none is."""
    st.subheader(_("One rule"))
    number_ = _choice(found, chosen)
    if number_ is None:
        return
    rule: Any = found.rules.loc[number_]
    said, whom = st.columns([2, 3], gap="large")
    with said:
        _products(found, rule)
        st.markdown(plain(in_words(found, rule)))
        st.markdown(plain(against_chance(rule)))
        if len(rule.antecedents) > 1:
            st.markdown(plain(beyond_shorter(rule)))
        if found.is_checked:
            st.markdown(plain(in_check(rule)))
    with whom:
        customers.show(found, rule)


def _choice(found: Found, chosen: Chosen) -> int | None:
    options = chosen.rules.index[:LISTED].tolist()
    picked = st.session_state.get(found.picked)
    if picked is not None and picked not in options:
        options.insert(0, picked)
    number_: int | None = st.selectbox(
        _("Rule"),
        options,
        index=None,
        format_func=lambda one: f"{found.label(one)} (#{one + 1})",
        key=found.picked,
        persist_state="session",
        placeholder=_("Pick a rule here, or in the table or a picture above"),
        label_visibility="collapsed",
    )
    return number_


def _products(found: Found, rule: Any) -> None:
    """Both sides, each product the way to its page."""
    left, right = found.sides[int(rule.name)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for place, product in enumerate(left):
            if place:
                st.markdown("\\+", width="content")
            _product(found, product)
        st.markdown("→", width="content")
        for product in right:
            _product(found, product)


def _product(found: Found, product: int) -> None:
    """The way to its page; a category has none."""
    if found.members is None:
        navigation.link("product", found.names[product], id=product)
    else:
        st.markdown(plain(found.names[product]), width="content")


def in_words(found: Found, rule: Any) -> str:
    """The rule as a sentence about baskets, or customers."""
    words = _(
        "Of 100 baskets with {a}, {with_b} have {b} too; of all baskets it is {all_b} "
        "of 100. That is {lift} times as often. It was seen in {n} baskets ({support} "
        "of all)."
    )
    if found.is_customer:
        words = _(
            "Of 100 customers who bought {a}, {with_b} bought {b} too; of all "
            "customers it is {all_b} of 100. That is {lift} times as often. {n} "
            "customers ({support} of all) bought both."
        )
    left, right = found.sides[int(rule.name)]
    return words.format(
        a=found.side(left),
        b=found.side(right),
        with_b=of_hundred(rule.confidence),
        all_b=of_hundred(rule.confidence / rule.lift),
        lift=ratio(rule.lift),
        n=number(rule.baskets),
        support=share(rule.support),
    )


def against_chance(rule: Any) -> str:
    """How sure it is."""
    sure = _(
        "These baskets show a confidence of at least {low} and a lift of at least "
        "{lift} (95% interval). If all rules up to this one are kept, {q} of them are "
        "expected to be there by chance alone."
    )
    told = sure.format(
        low=share(rule.confidence_low),
        lift=ratio(rule.lift_low),
        q=_small(rule.q_value),
    )
    if rule.holm > SURE:
        strict = _("If not one in all may be there by chance, it is left out (Holm).")
        return f"{told} {strict}"
    strict = _(
        "It stays even if not one in all may be there by chance (Holm: {p} is the "
        "chance of a single one up to here)."
    )
    return f"{told} {strict.format(p=_small(rule.holm))}"


def _small(chance: float) -> str:
    return share(chance) if chance >= 0.0001 else _("less than 0.01%")


def beyond_shorter(rule: Any) -> str:
    """Whether each product of the left side adds something."""
    if rule.q_shorter <= SURE:
        return _("Each product of the left side makes it stronger, beyond chance.")
    return _(
        "A shorter rule says as much: without one of the products of the left side it "
        "is as strong, as far as these baskets can tell."
    )


def in_check(rule: Any) -> str:
    """How it did on the baskets held out."""
    if not rule.later_antecedent_baskets:
        return _("Checked: no basket held out has the left side, so it is not known.")
    told = {
        "n": number(rule.later_antecedent_baskets),
        "both": number(rule.later_baskets),
        "confidence": share(rule.later_confidence),
        "lift": ratio(rule.later_lift) if rule.later_lift == rule.later_lift else "–",
    }
    seen = _(
        "Checked: of {n} baskets held out with the left side, {both} have the right "
        "side too ({confidence}, lift {lift})."
    )
    return f"{seen.format(**told)} {verdict(rule)}"


def verdict(rule: Any) -> str:
    """What the check says of the rule."""
    if not rule.later_lift > 1:
        return _("It does not hold there.")
    if rule.later_p_value <= HOLDS:
        return _("It holds there.")
    return _("It points the same way, but so few baskets leave it open.")

"""What a campaign has changed, beside those held out by lot."""

import streamlit as st

from crm import db
from crm.analytics.campaign_effect import (
    HORIZONS,
    USUAL,
    Return,
    Verdict,
    Watched,
    returned,
    verdict,
)
from crm.analytics.hold_out import Effect
from crm.i18n import N_, _, ngettext
from crm.models import Action, Campaign
from crm.services.marketing import campaign_effects
from crm.services.marketing.campaign_effects import KIND, Measured
from crm.services.marketing.recipient_lists import Figures
from crm.ui import access, address, insight
from crm.ui.format import (
    bold,
    day,
    moment,
    money,
    number,
    percent,
    plain,
    rounded,
    whose_times,
)
from crm.ui.marketing import effect_chart


def show(campaign: Campaign, figures: Figures) -> None:
    """The question, the answer or why there is none, and how it was made."""
    if not access.current().may(Action.READ, "analysis"):
        return
    st.subheader(_("Does it help?"))
    options = {str(one): _days(one) for one in HORIZONS}
    chosen = address.menu(
        _("Looked at after"), options, "campaign_days", usual=str(USUAL), width=160
    )
    with db.reading(access.current()) as session:
        found = campaign_effects.measured(session, campaign.id, int(chosen))
    if found is None:
        st.info(_("Nothing has been measured yet."), icon=":material/science:")
    else:
        _measured(found, campaign)
    _cost_per_response(campaign, figures)
    with st.container(horizontal=True):
        _how(found)
        insight.compute_again(KIND, key="effects_compute")


def _days(count: int) -> str:
    return ngettext("{n} day", "{n} days", count).format(n=number(count))


def _measured(found: Measured, campaign: Campaign) -> None:
    watched = found.watched
    if watched.effect is None:
        st.info(plain(watched.why_not or ""), icon=":material/info:")
        return
    st.markdown(bold(_(VERDICTS[verdict(watched.effect)])))
    _compared(watched.effect)
    effect_chart.show(watched.effect)
    if campaign.cost is not None:
        _returned(returned(watched.effect, float(campaign.cost)))
    else:
        st.caption(_("Without its cost, what it has earned cannot be told."))
    _waiting(watched)


def _compared(effect: Effect) -> None:
    told = _(
        "Of {n} customers added, {a} ordered; of {m} held out, {b}: a difference of "
        "{difference} points (95% interval {low} to {high})."
    )
    shares = (effect.bought_acted_on, effect.bought_left_alone)
    points = [
        number(100 * one, places=1)
        for one in (shares[0] - shares[1], effect.bought_low, effect.bought_high)
    ]
    st.markdown(
        plain(
            told.format(
                n=number(effect.acted_on),
                m=number(effect.left_alone),
                a=percent(shares[0], places=1),
                b=percent(shares[1], places=1),
                difference=points[0],
                low=points[1],
                high=points[2],
            )
        )
    )
    told = _(
        "Revenue per customer: {a} against {b}, a difference of {difference} (95% "
        "interval {low} to {high})."
    )
    st.markdown(
        plain(
            told.format(
                a=money(effect.revenue_acted_on),
                b=money(effect.revenue_left_alone),
                difference=money(effect.revenue),
                low=money(effect.revenue_low),
                high=money(effect.revenue_high),
            )
        )
    )


def _returned(found: Return) -> None:
    told = _(
        "Revenue that would not have come without it: {revenue} (95% interval {low} to "
        "{high})."
    )
    st.markdown(
        plain(
            told.format(
                revenue=rounded(found.revenue),
                low=rounded(found.revenue_low),
                high=rounded(found.revenue_high),
            )
        )
    )
    told = _("Less its cost of {cost}: {profit} (95% interval {low} to {high}).")
    st.markdown(
        plain(
            told.format(
                cost=money(found.cost),
                profit=rounded(found.profit),
                low=rounded(found.profit_low),
                high=rounded(found.profit_high),
            )
        )
    )
    if found.profit_low <= 0 <= found.profit_high:
        st.caption(_("Whether it has paid is not yet told apart from chance."))
    elif found.ratio is not None:
        told = _("For each unit of cost it has earned {ratio} beyond that cost.")
        st.caption(plain(told.format(ratio=number(found.ratio, places=2))))


def _waiting(watched: Watched) -> None:
    if watched.waiting:
        told = ngettext(
            "{n} customer is still being watched and not in these figures.",
            "{n} customers are still being watched and not in these figures.",
            watched.waiting,
        )
        st.caption(plain(told.format(n=number(watched.waiting))))


def _cost_per_response(campaign: Campaign, figures: Figures) -> None:
    if campaign.cost is None or not figures.responded:
        return
    told = _("Cost per customer who responded: {cost}")
    st.markdown(plain(told.format(cost=money(campaign.cost / figures.responded))))


def _how(found: Measured | None) -> None:
    with st.popover(_("How this is measured"), icon=":material/science:"):
        if found is not None:
            words = _("As of {day} · data of {moment}")
            told = words.format(day=day(found.as_of), moment=moment(found.data_at))
            st.caption(plain(told), help=whose_times())
        for sentence in HOW:
            st.markdown("- " + plain(_(sentence)))


VERDICTS = {
    Verdict.MORE: N_("More customers ordered than would have without it."),
    Verdict.FEWER: N_("Fewer customers ordered than would have without it."),
    Verdict.UNCLEAR: N_("An effect is not yet told apart from chance."),
}
HOW = (
    N_(
        "Everyone who was added and not held out is compared with those held out, "
        "reached or not: the lot alone decides who is on which side."
    ),
    N_(
        "The days count from the day after somebody was added, or after the start of "
        "the campaign where that is later. Who is still within these days is left out."
    ),
    N_(
        "Shares by Newcombe's interval, means by Welch's with the normal quantile; at "
        "least 20 customers on each side. Orders without a rate do not count."
    ),
    N_(
        "What a campaign has earned is the difference in revenue per customer, times "
        "the customers compared, less its whole cost."
    ),
    N_(
        "The verdict is about the share that ordered alone: a campaign that does "
        "nothing is said to do something once in twenty times."
    ),
    N_("It is computed once a day, and for the customers in your reach."),
)

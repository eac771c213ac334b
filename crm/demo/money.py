"""All that Larkfield sells to companies: opportunities, quotes, rates and targets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from crm.demo.money_rates import draw_rates, in_euro
from crm.demo.opportunities import draw_opportunities
from crm.demo.opportunity_estimates import draw_estimates
from crm.demo.opportunity_lines import draw_lines
from crm.demo.opportunity_talks import draw_talks
from crm.demo.quotes import draw_quotes
from crm.demo.targets import draw_targets

SCALE = 10_000


def draw_deals(
    firms: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    today: date,
    days: int,
    rng: Any,
) -> dict[str, pd.DataFrame]:
    """The tables around opportunities, under their names in `crm.demo.company`.

    Args:
        firms: as `draw_opportunities` wants its customers.
        tables: `products` and `contacts` of the company.
        days: how long back the first opportunity may have been opened.
    """
    first, about, said, talk, worth, offer, aim = rng.spawn(7)
    drawn = draw_opportunities(firms, today, days, first)
    lines = draw_lines(drawn, tables["products"], about)
    amount = lines.groupby("opportunity")["amount"].sum().reindex(drawn.index)
    estimates = draw_estimates(drawn, amount.fillna(-1).to_numpy("int64"), today, said)
    last = estimates.drop_duplicates("opportunity", keep="last")
    drawn = drawn.assign(
        amount=last["amount"].array, close_on=last["close_on"].array
    )  # every one has been estimated
    rates = draw_rates(today, days, worth)
    quotes, quote_lines = draw_quotes(drawn, lines, tables["contacts"], today, offer)
    return {
        "opportunities": drawn,
        "opportunity_lines": lines,
        "estimates": estimates,
        "talks": draw_talks(drawn, today, talk),
        "rates": rates,
        "quotes": quotes,
        "quote_lines": quote_lines,
        "targets": draw_targets(with_worth(drawn, rates), today, aim),
    }


def with_worth(opportunities: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """With `worth`, what each is worth in euro as it was priced when it was opened."""
    amount, opened = opportunities["amount"].clip(lower=0), opportunities["entered_0"]
    naive = opened.dt.tz_localize(None) if opened.dt.tz else opened
    worth = in_euro(amount, opportunities["currency"], naive, rates)
    return opportunities.assign(worth=worth / SCALE)

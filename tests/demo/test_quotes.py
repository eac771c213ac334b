"""The quotes and targets of the demo company hang together."""

import pandas as pd

from crm.demo import DemoCompany
from crm.demo.opportunities import LOST, WON
from tests.demo.conftest import TODAY

NOW = pd.Timestamp(TODAY, tz="UTC")
ANSWERED = ["accepted", "declined"]


def of(company: DemoCompany) -> pd.DataFrame:
    """The opportunity of each quote."""
    rows = company.opportunities.loc[company.quotes["opportunity"]]
    return rows.reset_index(drop=True)


def test_there_is_a_quote_of_every_kind(company: DemoCompany) -> None:
    quotes = company.quotes
    waits = quotes["status"] == "sent"
    lapsed = waits & (quotes["valid_until"] < pd.Timestamp(TODAY))

    assert quotes["status"].value_counts()[["accepted", "replaced"]].min() >= 3
    assert (quotes["status"] == "draft").sum() == 1
    assert lapsed.sum() == 1
    assert waits.sum() > 10


def test_quotes_follow_their_opportunities(company: DemoCompany) -> None:
    quotes, sold = company.quotes, of(company)
    stage = sold["stage"]

    assert (stage[quotes["status"] == "accepted"] == WON).all()
    assert (stage[quotes["status"] == "declined"] == LOST).all()
    assert (stage[quotes["status"].isin(["sent", "draft"])] < WON).all()
    sent = quotes["sent_at"].dropna()
    assert (sent > sold["entered_2"][sent.index]).all()
    assert (sent < sold["closed_at"].fillna(NOW)[sent.index]).all()
    assert quotes["sent_at"].isna().equals(quotes["status"] == "draft")


def test_answers_come_in_time(company: DemoCompany) -> None:
    quotes = company.quotes
    answered = quotes[quotes["status"].isin(ANSWERED)]
    day = answered["answered_at"].dt.tz_localize(None).dt.normalize()

    assert quotes["answered_at"].notna().equals(quotes["status"].isin(ANSWERED))
    assert (answered["answered_at"] > answered["sent_at"]).all()
    assert (day <= answered["valid_until"]).all()
    assert (answered["answered_by"] != "").mean() > 0.9
    accepted = quotes["status"] == "accepted"
    assert quotes["ordered_at"].notna().equals(accepted)
    ordered = quotes.loc[accepted, "ordered_at"]
    assert ((ordered >= quotes.loc[accepted, "answered_at"]) & (ordered < NOW)).all()


def test_a_version_replaces_the_one_before_it(company: DemoCompany) -> None:
    quotes = company.quotes
    last = quotes.drop_duplicates("offer", keep="last")

    assert (last["status"] != "replaced").all()
    replaced = quotes[quotes["status"] == "replaced"]
    later = last.set_index("offer").loc[replaced["offer"]].reset_index()
    assert (later["revision"] == 2).all()
    assert (later["sent_at"].array > replaced["sent_at"].array).all()
    amount = company.quote_lines.groupby("quote")["amount"].sum()
    theirs = dict(zip(last["offer"], amount[last.index], strict=True))
    before = amount[replaced.index].array
    assert (before > replaced["offer"].map(theirs).array).all()


def test_what_is_accepted_is_worth_what_was_won(company: DemoCompany) -> None:
    accepted = company.quotes[company.quotes["status"] == "accepted"]
    amount = company.quote_lines.groupby("quote")["amount"].sum()
    won = company.opportunities["amount"].loc[accepted["opportunity"]]

    assert amount[accepted.index].tolist() == won.tolist()


def test_targets_add_up(company: DemoCompany) -> None:
    targets = company.targets.set_index("owner")
    keys = ["period", "starts_on"]
    owners = targets[targets.index != ""].groupby(keys)["amount"].sum()

    assert targets.loc[""].set_index(keys)["amount"].sort_index().equals(owners)
    quarters = owners["quarter"]
    months = owners["month"].groupby(pd.Grouper(freq="QS")).sum()
    assert months.tolist() == quarters.tolist()
    assert quarters.index.year.unique().tolist() == [TODAY.year]

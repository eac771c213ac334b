"""What is planted in the demo company can be found in its tables."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from crm.demo import DemoCompany
from crm.demo.truths import FADE
from tests.demo.conftest import TODAY

NOW = pd.Timestamp(TODAY)
HORIZON = pd.Timedelta(days=90)


def features(
    company: DemoCompany, sales: pd.DataFrame, at: pd.Timestamp
) -> pd.DataFrame:
    """`crm.frames.CHURN_FEATURES` by customer, of the sales before `at`."""
    past = sales[sales["day"] < at]
    by = past.groupby("customer_external_id")
    orders, lines = company.orders, company.order_lines
    back = orders[
        (orders["kind"] == "return") & (orders["ordered_at"].dt.tz_localize(None) < at)
    ]
    amounts = lines["quantity"] * lines["unit_price"] / 10_000
    sent = (
        amounts[lines["order_number"].isin(back["number"])]
        .groupby(lines["order_number"])
        .sum()
    )
    sent = -sent.groupby(back.set_index("number")["customer_external_id"]).sum()
    bought = lines.merge(
        past[["customer_external_id"]], left_on="order_number", right_index=True
    )
    table = pd.DataFrame(
        {
            "recency": (at - by["day"].max()).dt.days,
            "tenure": (at - by["day"].min()).dt.days,
            "frequency": by.size(),
            "monetary": by["total"].mean(),
            "products": bought.groupby("customer_external_id")["sku"].nunique(),
        }
    )
    sent = sent.reindex(table.index, fill_value=0.0)
    spent = by["total"].sum()
    table["revenue"], table["returned"] = spent - sent, sent / spent
    gaps = (table["frequency"] - 1).replace(0, np.nan)
    table["gap"] = (table["tenure"] - table["recency"]) / gaps
    for name, end in (("_90", at), ("_before_90", at - HORIZON)):
        window = past[(past["day"] < end) & (past["day"] >= end - HORIZON)]
        theirs = window.groupby("customer_external_id")["total"]
        table[f"sales{name}"] = theirs.count().reindex(table.index, fill_value=0)
        table[f"revenue{name}"] = theirs.sum().reindex(table.index, fill_value=0.0)
    return table


def gone_quiet(
    sales: pd.DataFrame, customers: pd.Index, at: pd.Timestamp
) -> np.ndarray:
    """Whether each customer has no sale in the 90 days from `at` on."""
    window = sales[(sales["day"] >= at) & (sales["day"] < at + HORIZON)]
    return (~customers.isin(window["customer_external_id"])).astype(int)


def logs(table: pd.DataFrame) -> pd.DataFrame:
    known = table.assign(gap=table["gap"].fillna(table["recency"]))
    return np.log1p(known.clip(lower=0))


@pytest.mark.slow
def test_the_segments_are_found(company: DemoCompany, sales: pd.DataFrame) -> None:
    columns = ["recency", "frequency", "monetary", "revenue", "tenure", "products"]
    table = logs(features(company, sales, NOW))[columns]
    known = company.truths.customers.set_index("customer_external_id")["segment"]
    shared = table.index.intersection(known.index)

    scaled = StandardScaler().fit_transform(table)
    found = pd.Series(
        KMeans(5, n_init=10, random_state=0).fit_predict(scaled), table.index
    )

    assert len(shared) > 1_800
    assert adjusted_rand_score(known[shared], found[shared]) >= 0.9


@pytest.mark.parametrize("place", range(8))
@pytest.mark.slow
def test_a_planted_rule_holds(
    company: DemoCompany, baskets: pd.DataFrame, place: int
) -> None:
    rule = company.truths.rules.iloc[place]
    has, follows = baskets[rule["antecedent"]] == 1, baskets[rule["consequent"]] == 1
    confidence = follows[has].mean()
    error = np.sqrt(rule["confidence"] * (1 - rule["confidence"]) / has.sum())

    assert rule["lift"] > 5
    assert abs(confidence - rule["confidence"]) < 4 * error
    assert (has & follows).mean() == pytest.approx(rule["support"], rel=0.2)
    assert confidence / follows.mean() == pytest.approx(rule["lift"], rel=0.15)


def test_nothing_else_is_associated_as_much(
    company: DemoCompany, baskets: pd.DataFrame
) -> None:
    together = baskets.T @ baskets / len(baskets)
    alone = pd.Series(np.diag(together), baskets.columns)
    lift = together / np.outer(alone, alone)
    frequent = lift.where(together >= 0.005).where(~np.eye(len(lift), dtype=bool))
    for rule in company.truths.rules.itertuples():
        frequent.loc[rule.antecedent, rule.consequent] = np.nan
        frequent.loc[rule.consequent, rule.antecedent] = np.nan

    assert frequent.max(axis=None) < 3 < company.truths.rules["lift"].min()


def test_decoys_are_frequent_and_independent(
    company: DemoCompany, baskets: pd.DataFrame
) -> None:
    decoys = list(company.truths.decoys["sku"])
    share = baskets[decoys].mean()
    others = baskets.mean()
    together = baskets[decoys].T @ baskets
    expected = len(baskets) * np.outer(share, others)
    off = ((together - expected) / np.sqrt(expected)).to_numpy(copy=True)
    off[:, [baskets.columns.get_loc(sku) for sku in decoys]] *= 1 - np.eye(len(decoys))

    assert share.to_numpy() == pytest.approx(company.truths.decoys["support"], abs=0.01)
    assert np.abs(off).max() < 4.5  # of 600 pairs


def test_quiet_customers_are_foreseen(
    company: DemoCompany, sales: pd.DataFrame
) -> None:
    earlier, later = NOW - 2 * HORIZON, NOW - HORIZON
    train, test = (features(company, sales, at) for at in (earlier, later))
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))

    model.fit(logs(train), gone_quiet(sales, train.index, earlier))
    chance = model.predict_proba(logs(test))[:, 1]

    assert roc_auc_score(gone_quiet(sales, test.index, later), chance) >= 0.75


@pytest.mark.slow
def test_lateness_and_returns_drive_churn(
    company: DemoCompany, sales: pd.DataFrame
) -> None:
    parts = []
    for days in (90, 135, 180, 225, 270):
        at = NOW - pd.Timedelta(days=days)
        table = features(company, sales, at)
        parts.append(table.assign(quiet=gone_quiet(sales, table.index, at)))
    table = pd.concat(parts)
    regular = table[(table["frequency"] >= 4) & (table["recency"] < 90)]
    drivers = pd.DataFrame(
        {
            "late": np.log1p(regular["recency"] / regular["gap"]),
            "returned": np.log1p(regular["returned"]),
            "gap": np.log(regular["gap"]),
            "recency": np.log1p(regular["recency"]),
        }
    )

    model = LogisticRegression().fit(
        StandardScaler().fit_transform(drivers), regular["quiet"]
    )

    late, returned, *_rhythm = model.coef_[0]
    assert late > 0.2
    assert returned > 0.03


def test_an_order_sent_back_makes_leaving_likelier(
    company: DemoCompany, sales: pd.DataFrame
) -> None:
    drivers = company.truths.drivers.set_index("level")["hazard_ratio"]
    known = company.truths.customers.set_index("customer_external_id")["leaving_on"]
    lately = sales[sales["day"] >= NOW - pd.Timedelta(days=365)]
    leaves = known.reindex(lately["customer_external_id"]).array == lately["day"].array
    back = lately["number"].isin(company.orders["returns_number"]).to_numpy()

    ratio = leaves[back].mean() / leaves[~back].mean()

    assert ratio == pytest.approx(drivers["sent back"], rel=0.5)


def test_who_has_churned_never_orders_again(
    company: DemoCompany, sales: pd.DataFrame
) -> None:
    churned = company.truths.customers.set_index("customer_external_id")["churned_on"]
    last = sales.groupby("customer_external_id")["day"].max()
    gone = churned.dropna().index.intersection(last.index)

    assert len(gone) > 50
    assert (last[gone] < churned[gone]).all()


def test_orders_thin_out_before_churn(
    company: DemoCompany, sales: pd.DataFrame
) -> None:
    known = company.truths.customers.set_index("customer_external_id")
    often = known[known["orders_a_year"] > 5]
    leaving = often["leaving_on"].where(often["churned_on"].notna())
    on = leaving.reindex(sales["customer_external_id"]).array
    since = (sales["day"] - on).dt.days
    before, after = since.between(-120, -1).sum(), since.between(1, 120).sum()

    assert 0.05 < after / before < FADE + 0.1


def test_second_entries_are_the_same_customers(company: DemoCompany) -> None:
    customers = company.customers.set_index("external_id")
    pairs = company.truths.duplicates
    second = customers.loc[pairs["customer_external_id"]].reset_index()
    first = customers.loc[pairs["duplicate_of"]].reset_index()
    same = ["kind", "city", "country", "postal_code"]
    digits = [
        table["phone"].str.replace(r"^00|\D", "", regex=True)
        for table in (second, first)
    ]

    assert len(pairs) == 60
    assert (second[same] == first[same]).all(axis=None)
    assert (second["email"] != first["email"]).all()
    assert (second["created_on"] >= first["created_on"]).all()
    assert ((digits[0] == digits[1]) | (second["street"] == first["street"])).all()
    assert (second["name"] != first["name"]).mean() > 0.9


def test_some_second_entries_hold_an_order(company: DemoCompany) -> None:
    second = company.truths.duplicates["customer_external_id"]

    assert 10 < company.orders["customer_external_id"].isin(second).sum() < 60


def test_the_months_are_as_busy_as_stated(
    company: DemoCompany, sales: pd.DataFrame
) -> None:
    months = company.truths.months.set_index("month")["expected_orders"]
    placed = company.orders[company.orders["kind"] == "sale"]
    month = placed["ordered_at"].dt.tz_localize(None).dt.to_period("M").dt.start_time
    ratio = month.value_counts().sort_index()[months.index] / months

    whole = ratio[months > 300]
    assert len(whole) >= 35
    assert whole.between(0.85, 1.15).all()
    assert whole.mean() == pytest.approx(1, abs=0.03)


def test_november_and_december_are_the_peak(
    company: DemoCompany, sales: pd.DataFrame
) -> None:
    season = company.truths.months.groupby(company.truths.months["month"].dt.month)[
        "season"
    ].first()
    start = NOW - pd.Timedelta(days=730)
    known = company.truths.customers
    stay = known.loc[known["leaving_on"].isna(), "customer_external_id"]
    old = sales.loc[sales["day"] < start, "customer_external_id"]
    theirs = sales["customer_external_id"].isin(set(stay) & set(old))
    count = sales.loc[theirs & (sales["day"] >= start), "day"].dt.month.value_counts()

    stated = season[[11, 12]].sum() / season[[7, 8]].sum()

    assert stated == pytest.approx((1.28 + 1.3) / (0.82 + 0.8))
    assert count[[11, 12]].sum() / count[[7, 8]].sum() == pytest.approx(
        stated, rel=0.12
    )

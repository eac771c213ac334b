"""Lead scores find what is planted, and say so where nothing can be told."""

import numpy as np
import pandas as pd
import pytest

from crm.analytics.deals import lead_rows
from crm.analytics.deals.lead_notes import JUDGE, LEARN
from crm.analytics.deals.lead_score import LeadScore, evaluate
from crm.analytics.reasons import reasons
from tests.analytics.leads import DAY, NOW, leads, planted


@pytest.fixture(scope="module")
def signal() -> LeadScore:
    return evaluate(planted(900), at=NOW)


def refused(table: pd.DataFrame) -> str:
    found = evaluate(table, at=NOW)
    assert found.why_not is not None
    assert found.scores.empty
    return str(found.why_not)


@pytest.mark.slow
def test_what_is_planted_is_found_and_comes_true(signal: LeadScore) -> None:
    model, plain = signal.judged["model"], signal.judged["base_rate"]
    # of two halves whose odds are e^0.5 and e^-1.5
    high, low = 1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(1.5))
    share = (high + low) / 2
    concordant = high * (1 - low) / 4
    discordant = low * (1 - high) / 4
    true_auc = 0.5 + (concordant - discordant) / (2 * share * (1 - share))

    assert signal.why_not is None
    assert model.auc.low < true_auc < model.auc.high
    assert model.log_loss < plain.log_loss
    assert signal.importances["theme"].iloc[0] == "source"
    for source, truth in (("fair", high), ("web", low)):
        mine = signal.scores[signal.scores["reason_1"] == f"source={source}"]
        assert mine["probability"].mean() == pytest.approx(truth, abs=0.08)


def test_each_open_lead_is_scored_the_likeliest_first(signal: LeadScore) -> None:
    table = planted(900)
    still_open = table.loc[table["status"] == "working", "lead_id"]

    assert set(signal.scores["lead_id"]) == set(still_open)
    assert signal.scores["probability"].is_monotonic_decreasing
    first = reasons(signal.scores.iloc[0].to_dict())[0]
    assert (first.word, first.direction) == ("fair", "raises")


def test_without_an_effect_there_is_no_signal_but_a_base_rate() -> None:
    found = evaluate(planted(900, effect=0), at=NOW)

    assert "no better than by lot" in str(found.why_not)
    assert found.scores.empty
    count, converted = found.counts.ended
    rate = found.counts.base_rate
    assert rate is not None
    # Wilson's interval by its own formula
    z2 = 1.959964**2
    middle = (converted + z2 / 2) / (count + z2)
    reach = np.sqrt(z2 * (converted * (count - converted) / count + z2 / 4))
    assert rate.value == converted / count
    assert rate.low == pytest.approx(middle - reach / (count + z2), abs=1e-6)
    assert rate.high == pytest.approx(middle + reach / (count + z2), abs=1e-6)


def test_bad_histories_are_refused_in_words() -> None:
    ended = planted(300)
    ended = ended[ended["ended_at"].notna()]

    assert "No lead has ended yet" in refused(leads(5))
    assert "No lead has ended yet" in refused(leads(0))
    told = refused(ended.assign(status="converted"))
    assert "Too few leads have ended" in told
    assert "0 disqualified to learn from" in told


def test_one_source_only_has_nothing_to_tell_them_apart_by() -> None:
    table = planted(900).assign(source="web", has_phone=True)

    told = refused(table)  # day and hour of arrival mean nothing

    assert "looked the same" in told or "by lot" in told


def test_the_stated_minimum_is_the_minimum() -> None:
    """The later ones are three tenths of all that have ended."""
    outcome = ["converted", "disqualified"]
    needed = 2 * max(LEARN / 0.7, JUDGE / 0.3)
    count = int(np.ceil(needed)) + 1

    def alternating(count: int) -> pd.DataFrame:
        ends = NOW - (count - np.arange(count)) * DAY
        status = np.resize(outcome, count)
        return leads(count, created_at=ends - DAY, ended_at=ends, status=status)

    assert "Too few" not in refused(alternating(count))
    assert "Too few" in refused(alternating(count - 6))


def test_what_had_ended_when_it_came_in_is_not_learned_from() -> None:
    at = NOW - 5 * DAY
    states = ["disqualified", "disqualified", "new"]
    ends = [at, at + DAY, pd.NaT]
    table = leads(3, created_at=at, ended_at=ends, status=states)

    known = lead_rows.known(table, NOW)

    assert known.ended.leads["lead_id"].tolist() == [2]
    assert known.open["lead_id"].tolist() == [3]
    assert known.left_out == 1


def test_what_came_later_is_not_known() -> None:
    at = NOW - 5 * DAY
    created = [at - DAY, at - DAY, at + DAY]
    ends = [at - DAY / 2, at + DAY, at + 2 * DAY]
    table = leads(3, created_at=created, ended_at=ends, status="converted")

    known = lead_rows.known(table, at)

    assert known.ended.leads["lead_id"].tolist() == [1]
    assert known.open["lead_id"].tolist() == [2]
    assert known.left_out == 0


@pytest.mark.slow
@pytest.mark.parametrize("helps", [True, False])
def test_weekday_and_hour_count_where_they_help(helps: bool) -> None:
    table = planted(700, effect=0.4)
    converted = table["status"] == "converted"
    days = np.where(converted & helps, 5, np.arange(len(table)) % 7)
    monday = np.datetime64("2026-01-05T10:00:00")
    arrived = monday + days.astype("timedelta64[D]")

    found = evaluate(table.assign(arrived_at=arrived), at=NOW)

    assert ("weekend" in found.features) == helps

import pandas as pd
import pytest

from crm.analytics.churn import churn_encoding
from crm.analytics.churn.churn_encoding import Encoder, encoder
from crm.analytics.churn.churn_learning import described
from tests.analytics.histories import features


def encoded(**columns: object) -> tuple[Encoder, pd.DataFrame]:
    table = described(features(100, **columns))
    return encoder(table), table


def test_a_word_is_1_less_its_share_for_who_has_it() -> None:
    found, table = encoded(sector=["Retail"] * 60 + ["Food"] * 40)

    assert [(one.word, one.share) for one in found.levels] == [
        *(("Retail", 0.6), ("Food", 0.4)),
    ]
    assert found.apply(table)[0].tolist() == pytest.approx([0.4, -0.4])
    assert found.apply(table).mean(axis=0).tolist() == pytest.approx([0, 0])


def test_what_nobody_has_entered_is_a_word_too() -> None:
    found, _table = encoded(source=["web"] * 50 + [""] * 50)

    assert {one.word for one in found.levels} == {"web", ""}


def test_rare_words_are_not_told_apart() -> None:
    found, table = encoded(sector=["Retail"] * 71 + ["Food"] * 15 + ["Mining"] * 14)

    assert [one.word for one in found.levels] == ["Retail"]
    assert found.apply(table)[80].tolist() == found.apply(table)[99].tolist()


def test_only_so_many_words_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(churn_encoding, "FEW", 1)

    found, _table = encoded(country=[f"C{number % 50}" for number in range(100)])

    assert len(found.levels) == 15


def test_a_word_that_all_have_is_left_out() -> None:
    found, table = encoded(sector="Retail")

    assert found.features == ()
    assert found.apply(table).shape == (100, 0)


def test_a_word_not_seen_before_is_like_a_rare_one() -> None:
    found, table = encoded(sector=["Retail"] * 60 + ["Food"] * 40)

    new = found.apply(table.head(1).assign(sector="Mining"))

    assert new.tolist() == [[-0.6, -0.4]]


def test_numbers_come_before_words() -> None:
    found, _table = encoded(recency=range(100), kind=["company", "person"] * 50)

    assert found.features == ("recency", "kind", "kind")
    assert found.columns()["level"].tolist() == ["", "company", "person"]

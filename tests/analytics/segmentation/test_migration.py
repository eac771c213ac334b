"""Frozen segmentations: the same customers stay, only those who changed move."""

import json

import numpy as np
import pandas as pd
import pytest

from crm.analytics.segmentation import frozen
from crm.analytics.segmentation.cluster_model import Model
from crm.analytics.segmentation.clusters import fit
from crm.analytics.segmentation.features import DEFAULT
from crm.analytics.segmentation.frozen import Frozen, RfmModel
from crm.analytics.segmentation.migration import NOT_YET, migrate
from crm.analytics.segmentation.rfm import segment
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.errors import Invalid, NotEnoughData
from tests.analytics import customers
from tests.analytics.customers import buyers

PLANTED, TRUTH = customers.groups([40, 60, 30, 50])
CUTS = Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200))


def models() -> dict[str, Frozen]:
    return {
        "rfm": RfmModel(segment(PLANTED).cuts),
        "kmeans": fit(PLANTED, DEFAULT, 4).model,
        "mixture": fit(PLANTED, DEFAULT, 4, method="mixture").model,
    }


MODELS = models()
KINDS = pytest.mark.parametrize("kind", list(MODELS))


@KINDS
def test_the_same_customers_are_assigned_the_same(kind: str) -> None:
    found = migrate(MODELS[kind], PLANTED, PLANTED)

    assert found.stayed == 1
    assert (found.moves["before"] == found.moves["after"]).all()


@KINDS
def test_only_those_whose_figures_changed_move(kind: str) -> None:
    """The first ten have bought nothing for years since; nobody else has changed."""
    later = PLANTED.copy()
    later.loc[later.index[:10], ["recency", "frequency"]] = [900, 1]

    moves = migrate(MODELS[kind], PLANTED, later).moves

    moved = moves["before"] != moves["after"]
    assert moved.iloc[:10].all()
    assert not moved.iloc[10:].any()


@KINDS
def test_a_model_survives_json(kind: str) -> None:
    plain = json.dumps(frozen.as_json(MODELS[kind]), allow_nan=False)

    restored = frozen.restored(json.loads(plain))

    assert restored == MODELS[kind]
    pd.testing.assert_series_equal(
        frozen.assign(restored, PLANTED), frozen.assign(MODELS[kind], PLANTED)
    )


def test_a_model_of_rfm_names_as_the_segmentation_did() -> None:
    found = segment(PLANTED)
    model = RfmModel(found.cuts)

    names = frozen.group_names(model)
    assigned = [names[group - 1] for group in frozen.assign(model, PLANTED)]

    assert assigned == found.customers["segment"].tolist()


def test_flows_by_hand() -> None:
    before = buyers(4, recency=[5, 5, 5, 200], frequency=[9, 9, 9, 1])
    after = buyers(5, recency=[5, 5, 200, 200, 5], frequency=[9, 9, 9, 1, 1])
    after = after.assign(revenue=[1.0, 2, 4, 8, 16])
    model = RfmModel(CUTS)
    name = {n: at for at, n in enumerate(frozen.group_names(model), 1)}
    best, cant, new, lost = (
        name[n] for n in ("champions", "can't lose them", "new", "lost")
    )

    found = migrate(model, before, after)

    assert found.flows.set_index(["before", "after"]).to_dict("index") == {
        (NOT_YET, new): {"customers": 1, "share": 1, "revenue": 16},
        (best, best): {"customers": 2, "share": 2 / 3, "revenue": 3},
        (best, cant): {"customers": 1, "share": 1 / 3, "revenue": 4},
        (lost, lost): {"customers": 1, "share": 1, "revenue": 8},
    }
    assert found.stayed == 3 / 4


def test_nobody_there_before_means_nobody_could_stay() -> None:
    found = migrate(RfmModel(CUTS), buyers(0), buyers(3))

    assert found.stayed is None
    assert found.moves["before"].tolist() == [NOT_YET] * 3


def test_one_customer_can_be_followed() -> None:
    assert migrate(RfmModel(CUTS), buyers(1), buyers(1)).stayed == 1


def test_nobody_at_all_is_refused() -> None:
    with pytest.raises(NotEnoughData):
        migrate(RfmModel(CUTS), buyers(0), buyers(0))


def test_a_custom_field_that_is_empty_counts_as_when_the_model_was_made() -> None:
    sizes = np.where(TRUTH < 2, 500.0, 5.0)
    sizes[::10] = np.nan
    table = PLANTED.assign(x_size=sizes)
    model = fit(table, ["recency", "x_size"], 3).model
    assert isinstance(model, Model)
    (scale,) = (one for one in model.scales if one.feature == "x_size")
    empty = table["x_size"].isna()

    filled = table.assign(x_size=table["x_size"].fillna(scale.fill))

    assert empty.any()
    assert frozen.assign(model, table).tolist() == frozen.assign(model, filled).tolist()


def test_a_model_of_a_later_version_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="does not know"):
        frozen.restored({"method": "tarot"})

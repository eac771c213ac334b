"""Sentences that travel with a result are written for whoever reads them."""

import numpy as np
import pytest

from crm import i18n
from crm.analytics.notes import Note

SENTENCE = "The last order: {day}. {n} of {all}, {share:.1%}, {name}"
VALUES = {"day": "2011-02-28", "n": np.int64(278138), "all": 50_000, "share": 0.125}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The last order: Feb 28, 2011. 278,138 of 50,000, 12.5%, 2011"),
        (
            "zh_CN",
            "The last order: 2011年2月28日. 278,138 of 50,000, 12.5%, 2011",
        ),
    ],
)
def test_whole_numbers_and_days_come_as_the_reader_writes_them(
    language: str, told: str
) -> None:
    with i18n.language(language):
        assert str(Note(SENTENCE, {**VALUES, "name": "2011"})) == told

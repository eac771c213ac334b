"""What is picked in a list are records, not places."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm.config import ROOT
from crm.models import Customer
from tests import make
from tests.ui.test_campaigns import all_of

pytestmark = pytest.mark.slow


def test_who_moves_up_when_a_record_is_deleted_is_not_picked(app: AppTest) -> None:
    for name in ("A", "B", "C"):
        make.customer(name=name)
    rows: Any = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.switch_page(str(ROOT / "pages/customers/customers.py")).run()
    app.session_state["customers_table"] = rows
    app.run()
    app.session_state["customers_table"] = rows

    app.button(key="customers_bulk_delete").click().run()

    assert not app.exception
    assert [one.name for one in all_of(Customer)] == ["B", "C"]
    assert "customers_bulk_delete" not in {one.key for one in app.button}

"""A page that fails says so in words, and nothing of how it is made."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from crm.errors import RuleBroken


def failing() -> None:
    """A page that fails, as `st.App` calls the handler."""
    import streamlit as st

    from crm.ui import failure

    failure.show(st.session_state["error"])


def told(error: Exception) -> str:
    app = AppTest.from_function(failing)
    app.session_state["error"] = error
    app.run()
    assert not app.exception
    return str(app.error[0].value)


def test_a_bug_is_told_by_its_reference_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        words = told(ZeroDivisionError("secret/path.py"))

    assert "secret" not in words
    reference = words.rstrip("\\.").split()[-1]
    assert f"reference {reference}" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_broken_rule_is_told_in_its_own_words() -> None:
    assert told(RuleBroken("This job is over")) == "This job is over"

"""The kinds of jobs: one function each, found by name."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from crm.errors import RuleBroken
from crm.i18n import _
from crm.jobs.context import JobContext

Function = Callable[[JobContext], dict[str, Any] | None]

_functions: dict[str, Function] = {}


def job(kind: str) -> Callable[[Function], Function]:
    """Register a function as what does jobs of `kind`."""

    def register(function: Function) -> Function:
        known = _functions.setdefault(kind, function)
        if (known.__module__, known.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"Two functions for jobs of kind {kind}.")
        _functions[kind] = function
        return function

    return register


def load() -> None:
    """Import every module of `crm.jobs`, so that all kinds are known."""
    package = importlib.import_module("crm.jobs")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "__main__":
            importlib.import_module(f"crm.jobs.{module.name}")


def function_for(kind: str) -> Function:
    """What does jobs of `kind`.

    Raises:
        RuleBroken: this version of the program has no such jobs.
    """
    if kind not in _functions:
        load()
    if kind not in _functions:
        raise RuleBroken(
            _("This version cannot do jobs of the kind “{kind}”.").format(kind=kind)
        )
    return _functions[kind]

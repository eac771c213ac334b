"""Finds callbacks that are given what a widget held in the run before.

Streamlit keeps the arguments of `on_click` from the run that drew the button. What
is typed last, and sent by that same click, is in `st.session_state` only.
"""

import ast
from collections.abc import Iterable, Iterator

WIDGETS = frozenset(
    {
        "text_input", "number_input", "selectbox", "text_area", "checkbox",
        "date_input", "time_input", "datetime_input", "multiselect", "toggle",
        "radio", "pills", "segmented_control", "data_editor", "slider",
        "select_slider", "color_picker", "feedback", "chat_input",
    }
)  # fmt: skip
WRAPPERS = frozenset(
    {
        "inputs.field", "inputs.amount", "address.menu",
        "customer_search.find_customer", "product_search.several",
    }
)  # fmt: skip
CALLBACKS = frozenset({"on_click", "on_change"})
GIVEN = frozenset({"args", "kwargs"}) | CALLBACKS
Function = ast.FunctionDef | ast.AsyncFunctionDef


def found(source: str) -> list[str]:
    """“line: name” for each name of a widget's value that a callback is given."""
    tree = ast.parse(source)
    functions = [one for one in ast.walk(tree) if isinstance(one, Function)]
    makers = _makers(functions)
    return sorted(
        f"{node.lineno}: {ast.unparse(node)}"
        for scope in (tree, *functions)
        for node in _stale(scope, makers)
    )


def _makers(functions: Iterable[Function]) -> set[str]:
    """The functions of the module that give back what a widget holds."""
    makers: set[str] = set()
    while True:
        more = {one.name for one in functions if _gives(one, makers)}
        if more <= makers:
            return makers
        makers |= more


def _gives(function: Function, makers: set[str]) -> bool:
    values = _values(function, makers)
    return any(
        _holds(node.value, values, makers)
        for node in _own(function)
        if isinstance(node, ast.Return) and node.value
    )


def _stale(scope: ast.AST, makers: set[str]) -> Iterator[ast.Name | ast.Call]:
    values = _values(scope, makers)
    inner = {one.name: one for one in ast.walk(scope) if isinstance(one, Function)}
    for call in _own(scope):
        if not isinstance(call, ast.Call):
            continue
        if not any(given.arg in CALLBACKS for given in call.keywords):
            continue
        for given in call.keywords:
            if given.arg in GIVEN:
                yield from _named(given.value, values, makers)
                if isinstance(given.value, ast.Name) and given.value.id in inner:
                    yield from _named(inner[given.value.id], values, makers)


def _values(scope: ast.AST, makers: set[str]) -> set[str]:
    """The names in `scope` that are made of what a widget holds."""
    values: set[str] = set()
    while True:
        more = {
            name.id
            for node in _own(scope)
            for target, value in _assigned(node)
            if _holds(value, values, makers)
            for name in _bound(target)
        }
        if more <= values:
            return values
        values |= more


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
        yield node.target, node.value
    elif isinstance(node, ast.For):
        yield node.target, node.iter


def _bound(target: ast.expr) -> Iterator[ast.Name]:
    """The names that an assignment to `target` gives a value; no keys of items."""
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from _bound(one)
    elif isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        yield from _bound(target.value)


def _holds(value: ast.expr, values: set[str], makers: set[str]) -> bool:
    return any(
        (isinstance(node, ast.Call) and _is_widget(node.func, makers))
        or (isinstance(node, ast.Name) and node.id in values)
        for node in ast.walk(value)
    )


def _is_widget(called: ast.expr, makers: set[str]) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr in WIDGETS or ast.unparse(called) in WRAPPERS
    return isinstance(called, ast.Name) and called.id in makers


def _named(
    value: ast.AST, values: set[str], makers: set[str]
) -> Iterator[ast.Name | ast.Call]:
    for node in ast.walk(value):
        is_name = isinstance(node, ast.Name) and node.id in values
        if is_name or (isinstance(node, ast.Call) and _is_widget(node.func, makers)):
            yield node


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of `scope`, without those of functions inside of it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, Function):
            yield child
            yield from _own(child)

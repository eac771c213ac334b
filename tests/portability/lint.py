"""Statements that are known not to run on Oracle 19 or SQL Server, which no test has.

Compiled for both; and rules for what compiles there without complaint and is then
refused by the server, or, worse, does something else.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.sql import elements, functions, operators, visitors
from sqlalchemy.sql.util import find_tables
from sqlmodel import SQLModel

from crm.db.portable import locked
from crm.models.types import Bytes, Json, LongText

ELSEWHERE = (sqlite.Insert, postgresql.Insert, mysql.Insert)  # one per database
NO_RULES = (*ELSEWHERE, sa.TextClause, sa.schema.ExecutableDDLElement)
LARGE = (LongText, Json, Bytes)  # CLOB, NCLOB, BLOB on Oracle
COMPARED = {operators.eq, operators.ne, operators.in_op, operators.not_in_op,
            operators.lt, operators.le, operators.gt, operators.ge}  # fmt: skip
AGGREGATES = {"count", "sum", "min", "max", "avg"}
EVERYWHERE = AGGREGATES | {"coalesce", "distinct", "lower", "upper", "abs", "nullif"}
MOST_IN_LIST = 1_000  # Oracle
MOST_VALUES = 2_100  # SQL Server, of one statement


def _oracle() -> sa.Dialect:
    made: Any = oracle.dialect()
    made.server_version_info = (19,)
    made.supports_native_boolean = made._supports_oracle_json = False
    made.supports_identity_columns = made._supports_offset_fetch = True
    return made


def _mssql() -> sa.Dialect:
    made: Any = mssql.dialect()
    made.server_version_info = (16, 0)
    made._setup_version_attributes()
    made._supports_offset_fetch = True
    return made


DIALECTS = {"Oracle 19": _oracle(), "SQL Server": _mssql()}


def findings(statement: Any) -> list[str]:
    """Why `statement` does not run on Oracle 19 or SQL Server; empty if it may."""
    if isinstance(statement, NO_RULES) or not _is_ours(statement):
        return []
    found = [text for name in DIALECTS if (text := _compiled(statement, name))]
    for part in visitors.iterate(statement):
        found += [text for rule in RULES for text in rule(part)]
    return sorted(set(found))


def _is_ours(statement: Any) -> bool:
    """Not a question to a database's catalog, nor a library's own."""
    named = find_tables(statement, include_crud=True, check_columns=True)
    ours = SQLModel.metadata.tables.keys()
    return any(getattr(table, "name", None) in ours for table in named)


def crowded(values: Iterable[sa.BindParameter[Any]]) -> list[str]:
    """What is too long for Oracle or SQL Server among what a statement binds."""
    lists = [one.value or () for one in values if one.expanding]
    sent = [
        one.value or () for one in values if one.expanding and not one.literal_execute
    ]
    found = []
    if any(len(one) > MOST_IN_LIST for one in lists):
        found.append(f"Oracle 19: more than {MOST_IN_LIST} values in a list")
    if sum(map(len, sent)) > MOST_VALUES:
        found.append(f"SQL Server: more than {MOST_VALUES} bound values")
    return found


def _compiled(statement: Any, name: str) -> str | None:
    meant = locked(statement) if name == "SQL Server" else statement
    try:
        text = str(meant.compile(dialect=DIALECTS[name]))
    except (sa.exc.CompileError, NotImplementedError) as error:
        return f"{name}: does not compile: {error}"
    locks = getattr(statement, "_for_update_arg", None) is not None
    if locks and name == "SQL Server" and "UPDLOCK" not in text:
        return f"{name}: FOR UPDATE is dropped without a word"
    return None


def _truth_as_a_value(part: Any) -> Iterator[str]:
    """`SELECT a = b`, `ORDER BY a IS NULL`: only a condition may be one."""
    if isinstance(part, sa.Select):
        placed = [*part._raw_columns, *part._order_by_clauses, *part._group_by_clauses]
        if any(map(_is_truth, placed)):
            yield "Oracle 19, SQL Server: a comparison is no value"


def _is_truth(element: Any) -> bool:
    while isinstance(element, elements.Label | elements.UnaryExpression):
        if isinstance(element.type, sa.Boolean) and not isinstance(
            element, elements.Label
        ):
            return True
        element = element.element
    conditions = (
        elements.BinaryExpression,
        elements.BooleanClauseList,
        elements.AsBoolean,
    )
    return isinstance(element, conditions) and isinstance(element.type, sa.Boolean)


def _filtered_aggregate(part: Any) -> Iterator[str]:
    if isinstance(part, elements.FunctionFilter):
        yield "MySQL, Oracle 19, SQL Server: no FILTER (WHERE …)"


def _row_value(part: Any) -> Iterator[str]:
    if isinstance(part, elements.Tuple):
        yield "SQL Server: no (a, b) IN (…)"


def _nulls_placed(part: Any) -> Iterator[str]:
    placing = (operators.nulls_first_op, operators.nulls_last_op)
    if isinstance(part, elements.UnaryExpression) and part.modifier in placing:
        yield "MySQL, SQL Server: no NULLS FIRST or LAST"


def _large_compared(part: Any) -> Iterator[str]:
    """A CLOB is neither compared, sorted, grouped nor made distinct."""
    if isinstance(part, elements.BinaryExpression) and part.operator in COMPARED:
        is_null = isinstance(part.right, elements.Null)
        placed = [] if is_null else [part.left, part.right]
    elif isinstance(part, sa.Select):
        shown = list(part.selected_columns) if part._distinct else []
        placed = [*part._order_by_clauses, *part._group_by_clauses, *shown]
    elif isinstance(part, sa.CompoundSelect) and "ALL" not in part.keyword.name:
        placed = list(part.selected_columns)
    else:
        placed = []
    if any(isinstance(getattr(one, "type", None), LARGE) for one in placed):
        yield "Oracle 19: a CLOB is compared, sorted, grouped or made distinct"


def _locked_page(part: Any) -> Iterator[str]:
    if not isinstance(part, sa.Select) or part._for_update_arg is None:
        return
    if part._limit_clause is not None or part._distinct or part._group_by_clauses:
        yield "Oracle 19: FOR UPDATE of a page or of groups"


def _unknown_function(part: Any) -> Iterator[str]:
    if isinstance(part, functions.Function) and part.name not in EVERYWHERE:
        yield f"The function {part.name} is not on every database"


def _grouped_by_a_value(part: Any) -> Iterator[str]:
    """Each ? is another value to the server: it does not see the same expression."""
    if isinstance(part, sa.Select):
        for clause in part._group_by_clauses:
            if any(isinstance(x, sa.BindParameter) for x in visitors.iterate(clause)):
                yield "SQL Server: GROUP BY an expression with a bound value"


def _aggregated_subquery(part: Any) -> Iterator[str]:
    if (
        isinstance(part, functions.Function | functions.GenericFunction)
        and part.name in AGGREGATES
    ):
        inner = visitors.iterate(part.clause_expr)
        if any(isinstance(x, sa.Select) for x in inner):
            yield "SQL Server: an aggregate over a subquery"


RULES: list[Callable[[Any], Iterator[str]]] = [
    _truth_as_a_value,
    _filtered_aggregate,
    _row_value,
    _nulls_placed,
    _large_compared,
    _locked_page,
    _unknown_function,
    _grouped_by_a_value,
    _aggregated_subquery,
]

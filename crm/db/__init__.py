"""The database: one engine, one way to read, one way to write.

`reading(actor)` and `transaction(actor)` open a session that knows who asks: rows
out of reach are not there, every write is checked and logged. No code above this
package opens a session in another way.
"""

from crm.db.engine import checked, engine, forget
from crm.db.locks import alone, lock
from crm.db.log import operation_of, pending_of, record_batch, record_change
from crm.db.masks import bare
from crm.db.portable import (
    IN_LIMIT,
    chunked,
    contains,
    holds,
    ids_in,
    insert_new,
    starts,
    upsert,
)
from crm.db.session import (
    actor_of,
    get,
    is_duplicate,
    reading,
    savepoint,
    transaction,
)
from crm.db.visibility import everything
from crm.db.watch import require

__all__ = [
    "IN_LIMIT",
    "actor_of",
    "alone",
    "bare",
    "checked",
    "chunked",
    "contains",
    "engine",
    "everything",
    "forget",
    "get",
    "holds",
    "ids_in",
    "insert_new",
    "is_duplicate",
    "lock",
    "operation_of",
    "pending_of",
    "reading",
    "record_batch",
    "record_change",
    "require",
    "savepoint",
    "starts",
    "transaction",
    "upsert",
]

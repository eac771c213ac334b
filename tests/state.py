"""The whole database in one word, to see that nothing has changed."""

import hashlib

import sqlalchemy as sa
from sqlmodel import SQLModel

from crm import db


def fingerprint() -> str:
    """A hash over every row of every table."""
    digest = hashlib.sha256()
    with db.engine().connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            rows = connection.execute(sa.select(table).order_by(table.c.id))
            for row in rows:
                digest.update(repr((table.name, *row)).encode())
    return digest.hexdigest()

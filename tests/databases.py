"""Create the databases that the tests use: `python -m tests.databases`.

Their addresses are CRM_TEST_POSTGRESQL_URL and CRM_TEST_MARIADB_URL.
"""

import os
import sys

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

VARIABLES = ("CRM_TEST_POSTGRESQL_URL", "CRM_TEST_MARIADB_URL")


def create(url: URL) -> None:
    """Create the database of `url` where its server does not have it yet."""
    try:
        with create_engine(url).connect():
            return
    except OperationalError:
        pass
    is_postgresql = url.get_backend_name() == "postgresql"
    server = url.set(database="postgres" if is_postgresql else "information_schema")
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {url.database}"))


def main() -> int:
    """Create what is named; 1 where a server does not answer."""
    for variable in VARIABLES:
        try:
            if address := os.environ.get(variable):
                create(make_url(address))
        except OperationalError as error:
            print(f"{variable}: {error.orig}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

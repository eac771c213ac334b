"""While a real worker imports, others read, write and stop it."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Customer, JobState
from crm.services import jobs
from crm.services.customers import customers
from crm.services.imports import runs
from tests import make
from tests.crash.test_worker import seen, wait, worker
from tests.services.imports.engine import begun, reported
from tests.ui.conftest import signed_in

pytestmark = pytest.mark.slow

ROWS = 50_000  # 50 batches


def test_others_go_on_while_a_file_comes_in_until_one_of_them_stops_it(
    admin: Actor, tmp_path: Path
) -> None:
    ours = make.customer(name="Ours")
    path = tmp_path / "customers.csv"
    names = "".join(f"N{n},n{n}@x.example\n" for n in range(ROWS))
    path.write_text(f"Name,E-mail\n{names}")
    import_id = begun(admin, path, "customers")
    app = signed_in(admin).run()
    with db.transaction(admin) as session:
        asked = runs.ask_run(session, import_id)

    process = worker(tmp_path / "log")
    try:
        stages = set()
        while len(stages) < 3 and not seen(admin, asked.id).state.is_over:
            shown(app)
            with db.transaction(admin) as session:
                customers.update(session, ours.id, {"city": f"City {len(stages)}"})
            stages |= {reported(admin, import_id).counts.rows} - {0, ROWS}
        with db.transaction(admin) as session:
            jobs.cancel(session, asked.id)
        job = wait(admin, asked.id, share=2)
    finally:
        process.terminate()
        process.wait(60)

    assert len(stages) == 3
    assert job.state is JobState.CANCELLED
    report = reported(admin, import_id)
    assert max(stages) <= report.counts.created < report.total == ROWS
    with db.reading(admin) as session:
        of_import = select(func.count()).where(Customer.import_id == import_id)
        assert session.scalar(of_import) == report.counts.created
        assert db.get(session, Customer, ours.id).city == "City 2"


def shown(app: AppTest) -> None:
    """The list of customers, run as a page."""
    app.switch_page(str(ROOT / "pages/customers/customers.py")).run()
    assert not app.exception
    assert app.dataframe

"""The app as a server runs it: `streamlit run app.py`."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from crm.api.app import api, short
from crm.ui import failure
from crm.web import account, forms, public, start
from crm.web.headers import Headers
from crm.web.identity import Identity
from crm.web.short import ShortPath

PORT = st.get_option("server.port")
os.environ.setdefault("CRM_BASE_URL", f"http://localhost:{PORT}")  # the worker's, too

app = st.App(
    str(Path(__file__).parent / "crm/ui/main.py"),
    routes=[
        *account.ROUTES,
        *forms.ROUTES,
        *public.ROUTES,
        *start.ROUTES,
        ShortPath("/customers", short),
        Mount("/api", api),
    ],
    middleware=[Middleware(Headers), Middleware(Identity)],
    lifespan=start.lifespan,
    on_script_error=failure.show,
)

if __name__ == "__main__":
    app.run()

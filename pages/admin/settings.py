"""Settings: our own company, mail, and the demo company in and out."""

import streamlit as st

from crm.i18n import _
from crm.ui.admin import company_view
from crm.ui.data import demo_company, mail_view

st.title(_("Settings"))
company_view.show()
mail_view.setup()
demo_company.settings()

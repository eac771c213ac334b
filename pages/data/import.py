"""Import: one file on its way in, from its columns to the report."""

from crm.ui.data.imports import wizard

wizard.show()

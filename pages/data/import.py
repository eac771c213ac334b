"""Import: one file on its way in, from its columns to the report."""

from crm.ui.imports import wizard

wizard.show()

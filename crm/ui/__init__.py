"""The screen: the only code in `crm` that knows Streamlit. `main.py` is the entry."""

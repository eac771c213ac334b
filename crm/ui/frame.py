"""The frame around every page: identity, navigation, search, quick create, messages."""

from html import escape
from pathlib import Path

import streamlit as st

from crm.i18n import _
from crm.ui import access, feedback, navigation, search_box
from crm.ui.quick_create import quick_create

STATIC = Path(__file__).parent / "static"
ACCOUNT = (
    '<a href="/account" target="_self" style="color:inherit;opacity:.75;'
    'text-decoration:none">{name} · {account}</a>'
)
# Streamlit writes what is chosen in the colour of its buttons, which on a dark page
# can bear white text or be text, but not both.
CHOSEN = (
    "<style>[data-testid=stButtonGroup] [data-selected=true] p,"
    "[data-testid=stSliderThumbValue] p{{color:light-dark({light},{dark})}}</style>"
)
# Cards would cut what is too long for them, tabs would hide behind an arrow.
WHOLE = (
    "<style>[data-testid=stTabs] [role=tablist]{flex-wrap:wrap;row-gap:0}"
    "[data-testid=stMetricValue],[data-testid=stMetricValue] *,"
    "[data-testid=stMetricDelta],[data-testid=stMetricDelta] *,"
    "[data-testid=stMetricLabel] *"
    "{white-space:normal!important;overflow-wrap:anywhere!important}</style>"
)
# What a long form says, and its button, are where the eye is: at the end of the window.
FOOT = (
    "<style>div:has(>.st-key-form_foot){{position:sticky;bottom:-1.5rem;z-index:1;"
    "padding:.75rem 0 1.5rem;background:light-dark({light},{dark});"
    "border-top:1px solid color-mix(in srgb,currentColor 15%,transparent)}}</style>"
)


def show() -> None:
    """Run the page that is asked for, inside its frame."""
    actor = access.enter()
    # Before the navigation: the browser would else fetch each page's icon from afar.
    st.set_page_config(page_icon=str(STATIC / "icon.png"), layout="wide")
    chosen = st.navigation(navigation.pages(actor), position="hidden")
    st.set_page_config(page_title=f"{chosen.title} · Clientele")
    st.html(
        CHOSEN.format(
            light=st.get_option("theme.light.linkColor"),
            dark=st.get_option("theme.dark.linkColor"),
        )
    )
    st.html(WHOLE)
    st.html(
        FOOT.format(
            light=st.get_option("theme.light.backgroundColor"),
            dark=st.get_option("theme.dark.backgroundColor"),
        )
    )
    st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "icon.svg"))
    with st.sidebar:
        search_box.show()
        quick_create(actor)
        navigation.menu()
        st.html(ACCOUNT.format(name=escape(actor.name), account=escape(_("Account"))))
    feedback.show_flash()
    chosen.run()

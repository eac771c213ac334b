"""Views of the start page and of what to do today."""

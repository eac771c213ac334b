"""Views of imports, jobs, mail and the recycle bin."""

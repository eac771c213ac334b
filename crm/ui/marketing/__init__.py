"""Parts of the pages for campaigns."""

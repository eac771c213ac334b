"""Parts of the pages for tickets."""

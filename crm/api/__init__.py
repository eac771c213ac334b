"""REST: the same services as the pages, for other systems."""

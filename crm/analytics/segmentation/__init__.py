"""Who is alike: RFM, clusters, how many of them, and who moves between them."""

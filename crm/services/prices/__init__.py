"""What a product costs whom: price lists, discounts, taxes, sums."""

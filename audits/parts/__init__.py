"""Parts of pages that are drawn in Python: where there are many of them."""

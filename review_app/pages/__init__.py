"""Pages: one file, one page, each with `page(desk)`."""

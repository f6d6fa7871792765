"""Pages that are drawn with their truth: `python -m tests.support.drawn_pages OUT` writes them to look at."""

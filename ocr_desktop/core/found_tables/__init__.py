"""Tables that are seen in the lines of a page and in the rules between them: pure, on boxes and text."""

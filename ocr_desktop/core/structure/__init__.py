"""What lines in reading order are: headings, paragraphs, lists, code, forms, captions."""

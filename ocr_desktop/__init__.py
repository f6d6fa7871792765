"""OCR Desktop: a picture of text becomes text, with every region drawn on the picture."""

__version__ = "0.1.0"

"""In which order what stands on a page is read: pure, on boxes."""

"""The words of an answer and the lines of the picture that they stand on."""

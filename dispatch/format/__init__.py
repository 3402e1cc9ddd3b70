"""Planning format 1: its vocabulary, the door that reads it strictly, and the pen that writes it."""

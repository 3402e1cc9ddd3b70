"""Planning format 1: what a request and a plan say, how they are read, checked and written."""

"""Facts and invented names from which example requests are made."""

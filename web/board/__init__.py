"""The read-only board: one plan as a page, a JSON document and nothing that changes anything."""

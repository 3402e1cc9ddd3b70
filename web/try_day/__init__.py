"""A plan of the user's own sheets as files: one page that opens anywhere, and a workbook."""

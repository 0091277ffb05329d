"""Tables that a stranger may have written: a CSV or a workbook, opened safely and read as rows of text."""

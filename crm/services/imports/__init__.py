"""Bring files in: from bytes to checked, typed values.

`reading.sniff` says what a file is, `reading.chunks` hands out its rows as columns
of text, `headers.suggest` says which column is which field of a target in
`targets`, and `values.parse` turns a column into values and says what is wrong with
each cell that is not one. None of them knows the database or the screen.
"""

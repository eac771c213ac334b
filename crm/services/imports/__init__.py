"""Bring files in: from bytes to checked, typed values, and from those to records.

`runs` is the door for pages and other programs. Behind it:

- Reading: `reading.sniff` says what a file is, `reading.chunks` hands out its rows as
  columns of text, `headers.suggest` says which column is which field of a target in
  `targets`, and `values.parse` turns a column into values and says what is wrong with
  each cell that is not one. None of these knows the database or the screen.
- Laying out: `staging` reads the file once, `batches` hands its rows out in the order
  in which they are written, the same for every worker that takes a run up.
- Planning: `record_plans`, `order_rows` and `opportunity_rows` say what becomes of each
  row of a batch, as the database is now (a check ends here); `record_writing`,
  `order_writing` and `opportunity_writing` do it.
- What a file calls otherwise than we do is a term of `meanings`: a check collects them,
  `terms` offers what may be meant, `answers` makes what was asked for.
- `steps` and `undoing` are what `crm.jobs.imports` does, one transaction at a time.
"""

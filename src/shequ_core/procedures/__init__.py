"""Procedures: steps with an authority, an order and dates, one file a topic.

A file states a procedure of the law as data (`machine.Procedure`) and marks with `@procedure` the function that walks
a journal through it. What is decided from facts alone is a rule and stands in `rules`.
"""

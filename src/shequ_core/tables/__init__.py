"""Columns and tables, files to and from them. Nothing here knows a policy or a rule."""

"""What the law is made of: documents, clauses, and the marks by which code says what it carries.

No figure and no rule stands here, and nothing of a place.
"""

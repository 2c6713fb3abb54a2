"""An answer for people: sentences in Chinese or English, workbooks, pages and charts.

Nothing is computed here; what a report shows, a rule or a policy has said.
"""

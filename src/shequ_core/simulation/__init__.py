"""Years ahead: who leaves, who comes, what it costs, under the policy in force and under reforms.

The rules are those of `rules/`, run by year. What the law leaves open is a behaviour, and all chance goes by key.
"""

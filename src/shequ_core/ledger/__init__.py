"""Sealed months: what was paid, on which facts and policy, and what later knowledge owes on top of it.

Nothing here works out pay. A month comes in as slips and goes out as files that never change again;
a month that is worked out anew comes in, and what it differs from the sealed one goes out as arrears.
"""

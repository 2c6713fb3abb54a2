"""The rule in this library, as a subject of the pay benchmark.

What is still to come here, and all that is: `SUBJECT`, a `SingleSubject` of `pay_child`. It makes
`prepare` hold a `Workforce` as pay rows, one table a month, with the figures of `pay_rule` as the
policy of the fictional place 2299; `month` yields the pieces of `payroll_chunks` as the lines named in
`pay_rule.LINES`; `single` does the first worker of `make_workforce(80, 1)` with a pool context.
`pay.py` takes it up by itself once `SUBJECT` is there.
"""

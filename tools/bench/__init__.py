"""Measurements that anyone can run again: `nox -s bench`, or `python -m tools.bench [TOPIC…] [--quick] [--json FILE]`.

Each figure is taken in a process of its own, several times in turn with what it is held against, and
printed as minimum and median CPU seconds, peak memory and ratio: machines are shared, ratios travel.
No test holds a timing. `pay` alone is run only when it is named, by nox: it needs an environment for its peers.
"""

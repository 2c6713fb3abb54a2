"""Many tasks as one run: in this process, over several, or on a cluster, into a folder that can be gone on with.

Here belongs how a run is handed out, written, interrupted and continued. What a task does is none of its
business: a task has an id, and the work on it gives tables.
"""

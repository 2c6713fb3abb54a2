"""Years ahead: what a policy, or a reform of it, does to places and people, and how to run it at any size."""

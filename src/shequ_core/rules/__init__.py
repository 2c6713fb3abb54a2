"""What the law says: pure functions from columns and a policy to columns, one file a topic.

No figure of the law, no plugin, no file, no clock and no chance stands here.
"""

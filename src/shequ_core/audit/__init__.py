"""Which facts break which clause: one file a topic, each check yields findings and decides nothing."""

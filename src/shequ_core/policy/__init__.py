"""What holds at a place on a day: typed keys, values with their sources, and how they are resolved.

The core declares keys here, one file a topic, and holds no figure.
"""

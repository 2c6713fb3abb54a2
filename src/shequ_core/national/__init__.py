"""The nation as a built-in plugin: laws and regulations that hold everywhere."""

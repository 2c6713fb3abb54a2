"""A model of one's own on this library's engine, keyed chance and chunks: `rule` says what is computed, `model` does."""

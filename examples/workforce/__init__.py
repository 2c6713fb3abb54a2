"""A model of one's own on this library's engine: `rule` says what is computed, and `model` computes it."""

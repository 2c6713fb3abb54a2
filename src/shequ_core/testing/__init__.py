"""What a city's plugin is tested with, worked cases, and the proof that citations mean something."""

from shequ_core.testing.city import CitySuite

__all__ = ["CitySuite"]

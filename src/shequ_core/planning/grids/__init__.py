"""Grid division (JLG2.3.2a): the buildings of a community into grids within bounds, each in one piece."""

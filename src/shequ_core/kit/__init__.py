"""What a city's plugin is started with: values as Python source, and the template of a new distribution."""

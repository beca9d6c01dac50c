"""What the graph says of a thing."""

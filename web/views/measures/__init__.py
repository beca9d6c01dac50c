"""Pages of the measures: concentration, matrices, timeline."""

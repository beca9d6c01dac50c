"""From checked tables to a release folder: a room for each part of the graph, and the pipeline that runs them."""

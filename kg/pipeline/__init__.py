"""Build: from checked tables to a release folder, one module for each part of the graph, and the steps in order."""

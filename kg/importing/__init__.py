"""Import of published lists of designations: records, designations and carriers, previewed before they are written."""

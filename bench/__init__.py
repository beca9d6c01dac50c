"""Measures what the project costs against raw baselines, in one run (`make bench`); never part of the tests."""

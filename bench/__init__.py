"""Benchmarks against raw baselines (`make bench`)."""

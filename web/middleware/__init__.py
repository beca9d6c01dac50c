"""What every request passes through: monitoring, logs, rate limits, the page cache."""

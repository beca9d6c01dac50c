"""What if: findings under hypothetical changes, and comparison of two days."""

"""Pure functions of the columns of a release: findings, measures, claims, scenarios, answers."""

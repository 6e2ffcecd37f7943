"""Diagnosis: what helps and hinders, the citizen's own view, arguments weighed, a direction decided together."""

"""The dashboard: made by code that can be read, committed as the JSON that Grafana reads."""

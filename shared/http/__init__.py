"""HTTP: one app factory, the doors that every service has, and problems as answers."""

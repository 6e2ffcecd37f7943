"""Intake's own doors: people as the vault knows them, their own file, what is kept until when, and who read what."""

"""`overdracht import`: a dossier log goes in through the services' doors, once, whole, and in an order that is sure."""

from overdracht.importing.command import import_file, register

__all__ = ["import_file", "register"]

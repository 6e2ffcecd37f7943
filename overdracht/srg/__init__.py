"""The monthly statistics of re-integration: rows and people meet here, on the side of who delivers."""

from overdracht.srg.command import register as register

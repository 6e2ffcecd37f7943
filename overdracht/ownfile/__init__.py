"""`overdracht case export`: a person's own file (AVG 15), from the doors of all services, for people and machines."""

from overdracht.ownfile.command import register as register

"""`python -m services.intake`."""

from services.intake.app import FOLDER, NAME, build
from shared.serving import serve

serve(NAME, FOLDER, build)

"""`python -m services.outcome`."""

from services.outcome.app import FOLDER, NAME, build
from shared.serving import serve

serve(NAME, FOLDER, build)

"""`python -m services.diagnosis`."""

from services.diagnosis.app import FOLDER, NAME, build
from shared.serving import serve

serve(NAME, FOLDER, build)

"""`python -m services.referral`."""

from services.referral.app import FOLDER, NAME, build
from shared.serving import serve

serve(NAME, FOLDER, build)

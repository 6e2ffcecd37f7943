"""`python -m services.insight`."""

from services.insight.app import build
from services.insight.service import NAME
from services.insight.settings import InsightSettings
from services.insight.yielding import give_way
from shared import logging
from shared.serving import built, listen
from shared.settings import from_environment

if __name__ == "__main__":
    given = from_environment(InsightSettings)
    logging.configure(NAME, given.log_level)
    give_way()
    listen(built(build, given), given)

"""A service that cannot be put together says why, and ends."""

import pytest
from fastapi import FastAPI

from shared.serving import built
from shared.settings import Doors


def test_a_file_of_the_settings_that_is_not_right_is_a_sentence_and_no_traceback() -> None:
    def build(_: Doors) -> FastAPI:
        raise ValueError("market.csv, line 2: unemployment must be a per cent, such as 5.4")

    with pytest.raises(SystemExit, match=r"Settings are not right:\n  market\.csv, line 2: unemployment must be"):
        built(build, Doors.model_construct())

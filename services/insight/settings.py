"""What insight must be told besides what every door is told."""

from pathlib import Path

from pydantic import Field

from shared.settings import Doors


class InsightSettings(Doors):
    """Insight has no database: what it keeps is in one folder."""

    lake_folder: Path = Field(description="Where the files of the lake are.")
    lake_key: str = Field(pattern=r"^[0-9a-f]{64}$", description="Key of the lake's pseudonyms; kept outside the lake.")
    srg_mapping_file: str = Field("", description="YAML with how facilities are coded; empty: the usual one.")
    labour_market_file: str = Field(
        "", description="CSV with unemployment by municipality and quarter; empty: outflow is not corrected for it."
    )
    refresh_seconds: float = Field(0.5, gt=0, description="How long figures may be behind the lake.")

"""Clean events of a block: what a perfect register would hold, each as it happened, when it happened."""

import numpy as np

from tests.simulator import tables
from tests.simulator.facts import diagnosis, intake, outcome, referral
from tests.simulator.facts.table import Around, Table, gathered
from tests.simulator.runs import Block
from tests.simulator.world import World

__all__ = ["Table", "facts_of"]


def facts_of(world: World, block: Block) -> Table:
    """All that happened to these people before the history ends, by case and then in order."""
    rng = np.random.default_rng([world.settings.seed, 2, block.place])
    why = tables.drawn(rng, tables.OTHER_ENDS, len(block.spells))
    around = Around(world, block.people, block.spells, rng, why)
    parts = [part for service in (intake, diagnosis, referral, outcome) for part in service.facts(around)]
    return gathered(parts, world.settings.ends)

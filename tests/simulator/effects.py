"""What multiplies hazards, as logs per unit: of people, and of every time they came back before."""

import numpy as np

RETURN_WILL, RETURN_ABLE, RETURN_BARRIER = -0.30, -0.20, 0.15
JOB_WILL, JOB_ABLE, JOB_BARRIER = 0.30, 0.35, -0.15
"""Added to the logs of the hazards per unit."""
DENT_RETURN, DENT_JOB = float(np.log(1.15)), float(np.log(0.85))
"""Added for every earlier return: confidence has a dent."""

"""The profiles of Hypothesis: ``ci`` unless HYPOTHESIS_PROFILE names another.

``ci`` draws the same examples in every run, so that a fresh clone and a build machine agree; ``dev`` looks
for new ones and remembers what failed; ``soak`` does so for long (GROUPCORE_SOAK_EXAMPLES, 2000 unless told).
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SOAK_EXAMPLES = int(os.environ.get("GROUPCORE_SOAK_EXAMPLES", "2000"))
SLOW = [HealthCheck.too_slow]  # two tests share a core, and drawing a community takes a while

settings.register_profile("ci", derandomize=True, database=None, deadline=None, suppress_health_check=SLOW)
settings.register_profile("dev", deadline=None, suppress_health_check=SLOW)
settings.register_profile("soak", max_examples=SOAK_EXAMPLES, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

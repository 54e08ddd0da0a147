"""Each process that runs tests beside others takes two Redis databases of its own; PostgreSQL’s is Django’s to part.

Loaded before the settings are, with ``-p tests.lanes``.
"""

import os
import re

lane = os.environ.get("PYTEST_XDIST_WORKER", "")
if lane.startswith("gw"):
    number = 2 * int(lane.removeprefix("gw"))
    os.environ["REDIS_URL"] = re.sub(r"(/|db=)0$", rf"\g<1>{number}", os.environ["REDIS_URL"])
    os.environ["CACHE_URL"] = re.sub(r"\d+$", str(number + 1), os.environ["REDIS_URL"])

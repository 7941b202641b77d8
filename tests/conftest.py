"""What every test may use. Chromium, Java and the like come from `tests/needs.py`: skip or fail."""

import os

# Programs that tests start get test settings too, also those that assume production (`spinout.wsgi`).
os.environ["SPINOUT_ENV"] = "test"

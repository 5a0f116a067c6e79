"""Where the reference data lies; a test that needs it is skipped where it is missing."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("YIGE_SHARED", ROOT.parent / "shared"))

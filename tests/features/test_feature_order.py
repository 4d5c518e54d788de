"""The order of the columns is that of the registry, whoever imports what first."""

import subprocess
import sys

from labeler.features.registry import FAMILIES, all_features

NAMES = "[one.name for one in all_features()]"


def test_importing_one_family_first_changes_no_column():
    first = f"import labeler.features.{FAMILIES[-1]}"
    code = f"{first}\nfrom labeler.features.registry import all_features\nprint({NAMES})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str([one.name for one in all_features()])

"""The player's modules share one scope once they are joined: no name may be given twice."""

import re
from collections import Counter
from pathlib import Path

from labeler.app import player
from labeler.app.assets import bundle

_GIVEN = re.compile(r"^(?:const|let|class|function|async function) (\w+)", re.MULTILINE)


def test_no_two_modules_give_the_same_name():
    script = bundle(Path(player.__file__).parent / "player.js")
    given = Counter(_GIVEN.findall(script))
    assert len(given) > 50
    assert [name for name, n in given.items() if n > 1] == []

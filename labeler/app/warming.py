"""What the first visitor would wait for, done while the server starts."""

import gc
from contextlib import suppress

from labeler.app.state import Workbench
from labeler.catalog import load_catalog
from labeler.core.errors import LabelerError


def warm(bench: Workbench) -> None:
    """Load what every page needs, read the journal once, and keep both out of garbage collection.

    Cuts that a kill came before are made first.

    Collecting means looking at every object there is: without the freeze it would look, again and
    again while people label, at hundreds of thousands that live as long as the server.
    """
    import labeler.app.shell  # every page
    import labeler.reps.segment  # SciPy, which a clip with a pose needs
    import labeler.reps.turning  # noqa: F401  # the same
    from labeler.workflows.calibrating import cut_where_due

    load_catalog()
    with suppress(LabelerError):  # the pages say it, to somebody who can mend it
        cut_where_due(bench.dataset)
        bench.dataset.standings.now()
    gc.collect()
    gc.freeze()

"""The ordered steps from one schema revision to the next, run by `labeler.store.upgrade`.

To add one: change `labeler.store.schema`, add the revision to ``REVISIONS`` there, write
``versions/v<revision>_<what>.py`` with the tables spelled out as they are then, and add a dump
of the previous revision to the tests.
"""

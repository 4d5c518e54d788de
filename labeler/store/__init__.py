"""Floor 1: datasets on disk. The sole home of SQLAlchemy and Alembic.

Start at `labeler.store.dataset`. Nothing is imported here, so that the app opens quickly.
"""

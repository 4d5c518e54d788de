"""Builds the app object and nothing else: ``streamlit run streamlit_app.py``."""

from pathlib import Path

from labeler.app.server import app_beside

app = app_beside(Path(__file__))

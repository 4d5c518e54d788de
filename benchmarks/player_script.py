"""The page of `player_site`, as Streamlit runs it."""

from player_site import page

page()

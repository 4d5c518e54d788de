"""The page of `bare_site`, as Streamlit runs it."""

from bare_site import page

page()

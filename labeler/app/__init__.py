"""Floor 8: the Streamlit pages: ask, show, pass on."""

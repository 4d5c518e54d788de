"""The script that Streamlit runs, in a folder of its own: see `labeler.app.server.SCRIPT`."""

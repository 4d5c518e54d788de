"""The script that Streamlit runs: navigation, and the page in front."""

if __name__ == "__main__":  # a process that ingests imports this file too, and wants no page
    from labeler.app.shell import render

    render()

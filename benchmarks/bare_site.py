"""The least that Streamlit can do: a name, then a component that answers to a key.

``python benchmarks/bare_site.py PORT``. What `labelling.py` measures on the label page, measured
here, is what no page can be quicker than: no dataset, no video, nothing but Streamlit.
"""

import sys
from pathlib import Path

import streamlit as st

SCRIPT = """
export default function ({ data, setTriggerValue }) {
  const bare = (window.__bare ??= { sent: 0 });
  bare.acked = data.acked;
  bare.isReady = true;
  if (!bare.listens) {
    bare.listens = true;
    window.addEventListener("keydown", () => {
      bare.sent += 1;
      setTriggerValue("commit", bare.sent);
    });
  }
}
"""


def page() -> None:
    """The name, as the label page asks for it, then the component in a fragment."""
    if "name" not in st.session_state:
        with st.form("who"):
            st.text_input("Your name", key="told")
            st.form_submit_button("Start", on_click=_named)
        return
    st.fragment(_workplace)()


def _named() -> None:
    st.session_state.name = st.session_state.told


def _workplace() -> None:
    def committed() -> None:
        st.session_state.acked = st.session_state.bare.commit or st.session_state.get("acked", 0)

    component = st.components.v2.component("labeler.bare", html="<p>Ready</p>", js=SCRIPT)
    component(
        key="bare", data={"acked": st.session_state.get("acked", 0)}, on_commit_change=committed
    )


def main(port: str) -> None:
    """Serve until stopped, as the workbench is served."""
    from labeler.app.server import CONFIG

    told = {"server.port": int(port), "server.headless": True}
    st.App(Path(__file__).with_name("bare_script.py")).run(config={**CONFIG, **told})


if __name__ == "__main__":
    main(*sys.argv[1:])

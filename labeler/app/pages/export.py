"""Export: take everything out as documented tables."""

from pathlib import Path

import streamlit as st

from labeler.app import widgets
from labeler.app.pages.origin_parts import badge_of
from labeler.app.state import Workbench
from labeler.exchange.flat.manifest import Manifest
from labeler.workflows.exporting import default_folder, export_dataset, zipped

FORMATS = {"parquet": "Parquet", "csv": "CSV"}
ABOUT_FORMATS = ["Exact and small; for pandas, R and DuckDB", "Opens anywhere, in Excel too"]

ABOUT = (
    "Repetitions, labels, features, poses, splits by athlete and the whole history, as documented "
    "tables. *Absent*, *not visible* and *not rated yet* stay three things. Your own faults and "
    "limits (catalog.toml, rules.toml) go along. Videos stay here."
)


def render(bench: Workbench) -> None:
    """Choose a format, write, and hand over."""
    if not (clips := bench.dataset.clips.all()):
        widgets.empty("Nothing to export yet.", hint="Add videos first.", page="library")
        return
    badge_of(clips)
    ask, show = st.columns([1, 2], gap="medium")
    with ask.form("export", border=True):
        st.caption(ABOUT)
        chosen = st.radio(
            "Format", list(FORMATS), format_func=FORMATS.__getitem__, captions=ABOUT_FORMATS
        )
        is_wanted = st.form_submit_button(
            "Export", type="primary", icon=":material/ios_share:", width="stretch"
        )
    if is_wanted:
        with show, widgets.errors_shown():
            _export(bench, chosen)


def _export(bench: Workbench, file_format: str) -> None:
    """Write the export and offer it for download."""
    from labeler.workflows.deriving import features_of_all

    folder = default_folder(bench.dataset, file_format)
    with st.status("Exporting", expanded=True) as status:
        st.write("Computing the features of every repetition")
        features = features_of_all(bench.dataset)
        st.write("Writing the tables")
        manifest = export_dataset(bench.dataset, folder, file_format, features=features)
        status.update(label="Exported", state="complete", expanded=False)
    _hand_over(folder, manifest)


def _hand_over(folder: Path, manifest: Manifest) -> None:
    """Where the export is, as a file to take away, and what is in it."""
    st.download_button(
        "Download as one zip file",
        zipped(folder),
        file_name=f"{folder.name}.zip",
        mime="application/zip",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
    st.success(f"Written to {folder}", icon=":material/check:")
    st.dataframe(
        manifest.rows(),
        column_config={
            "file": "File",
            "rows": st.column_config.NumberColumn("Rows", format="localized"),
            "bytes": st.column_config.NumberColumn("Size", format="bytes"),
        },
        hide_index=True,
        height="content",
        placeholder="–",
    )
    st.caption("`labeler import FOLDER --dataset NEW` restores it into an empty dataset.")

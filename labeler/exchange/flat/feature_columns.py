"""The feature table between pandas and files: words, whole numbers, and features as float64."""

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa

WORDS = ("rep_id", "clip_id", "athlete", "movement", "view", "session", "quality")
"""Columns that say which repetition it is: texts, missing where nobody told."""

WHOLE_NUMBERS = ("rep_index",)

YES_OR_NO = ("is_synthetic",)


def feature_schema(names: Iterable[str]) -> pa.Schema:
    """The type of each column by its name: what is not known by name is a feature."""
    return pa.schema([pa.field(name, _type_of(name)) for name in names])


def to_arrow(features: pd.DataFrame) -> pa.Table:
    """The table as it is written: the index becomes the column ``rep_id``, NaN becomes missing."""
    flat = features.rename_axis("rep_id").reset_index()
    schema = feature_schema(map(str, flat.columns))
    columns = [pa.array(flat[field.name], field.type, from_pandas=True) for field in schema]
    return pa.table(columns, schema=schema)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """The table as it was computed: indexed by rep id, missing features are NaN."""
    frame: pd.DataFrame = table.to_pandas()
    return frame.set_index("rep_id")


def _type_of(name: str) -> pa.DataType:
    if name in WORDS:
        return pa.string()
    if name in YES_OR_NO:
        return pa.bool_()
    return pa.int64() if name in WHOLE_NUMBERS else pa.float64()

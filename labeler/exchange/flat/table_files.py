"""One table, one file: Parquet or CSV, with the same bytes for the same content.

CSV follows the convention of databases: an empty cell is *missing*, ``""`` is the empty string, so
that None and "" stay two things. Numbers are written with as many digits as give the same number
back. Pose tables are gzipped, without the time of writing.
"""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from labeler.core.errors import ExchangeError, LabelerError

FileFormat = Literal["parquet", "csv"]

GZIP_LEVEL = 6

N_NAMES_IN_ERROR = 8
"""Column names that an error lists before it stops."""

_WRONG_FILE = (
    pa.ArrowException,
    LabelerError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What readers raise when a file does not hold what its name promises."""


def file_name(stem: str, file_format: FileFormat, *, is_packed: bool = False) -> str:
    """A table's file name in its folder; only CSV files need packing."""
    ending = "csv.gz" if is_packed and file_format == "csv" else file_format
    return f"{stem}.{ending}"


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table in the format that the file's ending names."""
    sink = io.BytesIO()
    if path.suffix == ".parquet":
        words = [field.name for field in table.schema if pa.types.is_string(field.type)]
        pa_parquet.write_table(table, sink, compression="zstd", use_dictionary=words)
    else:
        pa_csv.write_csv(table, sink)
    content = sink.getvalue()
    path.write_bytes(
        gzip.compress(content, GZIP_LEVEL, mtime=0) if path.suffix == ".gz" else content
    )


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Read a table whose columns must be those of `schema`.

    Raises
    ------
    ExchangeError
        If the file is not of its format, has other columns, or a value is not of its column's type.
    """
    with readable(path.name):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            table = pa_parquet.read_table(pa.BufferReader(content))
        else:
            table = _from_csv(gzip.decompress(content) if path.suffix == ".gz" else content, schema)
        _require_columns(table.column_names, schema.names)
        return table.cast(schema)


def column_names(path: Path) -> list[str]:
    """The names of a table's columns, in order."""
    with readable(path.name):
        if path.suffix == ".parquet":
            names: list[str] = pa_parquet.read_schema(path).names
        else:
            names = pa_csv.open_csv(path).schema.names
        return names


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn whatever a wrong file makes its readers say into one error that names the file."""
    try:
        yield
    except _WRONG_FILE as error:
        raise ExchangeError(
            f"{name}: expected a file as labeler writes it, got one that says: {error!s:.300}.",
            hint="Export the dataset again; the files are described in docs/dataset-format.md.",
        ) from error


def _from_csv(content: bytes, schema: pa.Schema) -> pa.Table:
    return pa_csv.read_csv(
        pa.BufferReader(content),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _require_columns(found: list[str], wanted: list[str]) -> None:
    if found != wanted:
        missing = [name for name in wanted if name not in found]
        extra = [name for name in found if name not in wanted]
        listed = (", ".join(names[:N_NAMES_IN_ERROR]) or "none" for names in (missing, extra))
        raise ValueError("columns missing: {}; columns not known: {}".format(*listed))

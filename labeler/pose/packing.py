"""From the two pose networks of an older MediaPipe wheel to a bundle that today's Tasks API opens.

The networks are the same; they only lack the TFLite metadata that the Tasks API asks for: how the
pixels of the input tensor are scaled. A bundle is a stored (uncompressed) zip of both networks.
Source: MediaPipe's `metadata_schema.fbs` and its Pose Landmarker model page.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema

from labeler.pose.layout import MEMBERS

_METADATA_NAME = b"TFLITE_METADATA"
_METADATA_IDENTIFIER = b"M001"
_MODEL_IDENTIFIER = b"TFL3"
_MIN_PARSER_VERSION = b"1.0.0"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # fixed, so that the same networks give the same bytes


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a pixel (0 to 255) becomes a network input: ``(pixel - mean) / std``."""

    mean: float
    std: float


DETECTOR_SCALING = Scaling(127.5, 127.5)
"""The detector takes -1 to 1."""
LANDMARKS_SCALING = Scaling(0.0, 255.0)
"""The landmark network takes 0 to 1."""


def bundle_bytes(detector: bytes, landmarks: bytes) -> bytes:
    """Pack both networks, each with its metadata, as the bytes of a ``.task`` file."""
    members = (
        with_metadata(detector, DETECTOR_SCALING),
        with_metadata(landmarks, LANDMARKS_SCALING),
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:
        for name, member in zip(MEMBERS, members, strict=True):
            bundle.writestr(zipfile.ZipInfo(name, _ZIP_TIME), member)
    return packed.getvalue()


def with_metadata(network: bytes, scaling: Scaling) -> bytes:
    """Add the description of the input image to a TFLite network; the weights stay as they are."""
    model: Any = model_schema.ModelT.InitFromObj(model_schema.Model.GetRootAs(network, 0))
    buffer = model_schema.BufferT()
    buffer.data = _image_metadata(scaling)
    model.buffers.append(buffer)
    entry = model_schema.MetadataT()
    entry.name = _METADATA_NAME
    entry.buffer = len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    return _packed(model, _MODEL_IDENTIFIER)


def _image_metadata(scaling: Scaling) -> bytes:
    """One input tensor: an RGB image scaled as told."""
    tensor = metadata_schema.TensorMetadataT()
    tensor.name = b"image"
    tensor.content = _image_content()
    tensor.processUnits = [_normalization(scaling)]
    graph = metadata_schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    metadata = metadata_schema.ModelMetadataT()
    metadata.subgraphMetadata = [graph]
    metadata.minParserVersion = _MIN_PARSER_VERSION
    return _packed(metadata, _METADATA_IDENTIFIER)


def _image_content() -> Any:  # noqa: ANN401  (a generated class without types)
    image = metadata_schema.ImagePropertiesT()
    image.colorSpace = metadata_schema.ColorSpaceType.RGB
    content = metadata_schema.ContentT()
    content.contentPropertiesType = metadata_schema.ContentProperties.ImageProperties
    content.contentProperties = image
    return content


def _normalization(scaling: Scaling) -> Any:  # noqa: ANN401  (a generated class without types)
    options = metadata_schema.NormalizationOptionsT()
    options.mean, options.std = [scaling.mean], [scaling.std]
    unit = metadata_schema.ProcessUnitT()
    unit.optionsType = metadata_schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    return unit


def _packed(table: Any, identifier: bytes) -> bytes:  # noqa: ANN401  (a generated class)
    builder = flatbuffers.Builder(0)
    builder.Finish(table.Pack(builder), file_identifier=identifier)
    return bytes(builder.Output())

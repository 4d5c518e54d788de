"""The metadata that the Tasks API asks for, on a network of no layers at all."""

import io
import zipfile

import flatbuffers
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema

from labeler.pose.bundle import ENV_BUNDLE, resolve_bundle
from labeler.pose.fetching import OFFICIAL_SHA256
from labeler.pose.layout import MEMBERS
from labeler.pose.packing import DETECTOR_SCALING, LANDMARKS_SCALING, bundle_bytes, with_metadata

BUILT_SHA256 = "b04b18f39e0da45cb859a7d5bf2d4504eec69897c79f7f1ca34e50e1a6f47c18"


def network(description, n_metadata=1):
    """A model with one buffer, and older metadata where told."""
    model = model_schema.ModelT()
    model.description = description
    model.buffers = [model_schema.BufferT()]
    if n_metadata:
        entry = model_schema.MetadataT()
        entry.name, entry.buffer = b"older", 0
        model.metadata = [entry]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def unpacked(content):
    return model_schema.ModelT.InitFromObj(model_schema.Model.GetRootAs(content, 0))


@pytest.mark.parametrize("scaling", [DETECTOR_SCALING, LANDMARKS_SCALING])
@pytest.mark.parametrize("n_metadata", [0, 1])
def test_metadata_says_how_pixels_are_scaled(scaling, n_metadata):
    content = with_metadata(network("net", n_metadata), scaling)
    assert content[4:8] == b"TFL3"
    model = unpacked(content)
    assert model.description == b"net"
    entry = model.metadata[-1]
    assert (entry.name, len(model.metadata)) == (b"TFLITE_METADATA", n_metadata + 1)
    packed = bytes(model.buffers[entry.buffer].data)
    assert packed[4:8] == b"M001"
    metadata = metadata_schema.ModelMetadataT.InitFromObj(
        metadata_schema.ModelMetadata.GetRootAs(packed, 0)
    )
    (tensor,) = metadata.subgraphMetadata[0].inputTensorMetadata
    (unit,) = tensor.processUnits
    assert tensor.content.contentProperties.colorSpace == metadata_schema.ColorSpaceType.RGB
    assert (unit.options.mean, unit.options.std) == ([scaling.mean], [scaling.std])


def test_a_bundle_is_a_stored_zip_of_both_and_always_the_same():
    content = bundle_bytes(network("detector"), network("landmarks"))
    assert content == bundle_bytes(network("detector"), network("landmarks"))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert tuple(packed.namelist()) == MEMBERS
        assert {info.compress_type for info in packed.infolist()} == {zipfile.ZIP_STORED}
        assert [unpacked(packed.read(name)).description for name in MEMBERS] == [
            b"detector",
            b"landmarks",
        ]


@pytest.mark.pose
def test_the_real_networks_give_the_known_bundle(monkeypatch):
    """The same networks give the same bytes, unless they came packed from the model page."""
    monkeypatch.delenv(ENV_BUNDLE, raising=False)
    assert resolve_bundle().sha256 in {BUILT_SHA256, *OFFICIAL_SHA256}

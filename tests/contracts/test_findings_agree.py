"""What is found about a clip is named in the library and told to features alike."""

from labeler.features.quality import FINDINGS
from labeler.workflows.reviewing import FLAG_NAMES, flag_name


def test_every_finding_of_the_features_has_a_name_in_the_library():
    """A code that is written in two ways would be 0 for ever."""
    assert set(FINDINGS) <= set(FLAG_NAMES)


def test_a_code_without_a_name_is_told_by_itself():
    assert flag_name("something_new") == "something new"

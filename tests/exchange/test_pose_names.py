"""Maps of names: which point of a file is which landmark, and what is never made up."""

import numpy as np
import pytest
import support_foreign as foreign

from labeler.core.errors import ExchangeError
from labeler.core.landmarks import Landmark
from labeler.exchange.foreign.formats import PoseFormat
from labeler.exchange.foreign.name_map import map_of, middle, parse_map, read_map
from labeler.exchange.foreign.points import ForeignPoints


def points_named(*names):
    return ForeignPoints(tuple(names), np.zeros((1, len(names), 2)))


def user_map(text):
    return parse_map(text, "mine.toml", is_required=True).over(map_of("plain"))


@pytest.mark.parametrize("pose_format", PoseFormat)
@pytest.mark.parametrize(
    "spelling",
    ["{side}_{joint}", "{Joint} {side}", "{S}{Joint}", "{joint}.{s}", "Anna:{side}-{joint}"],
)
def test_every_format_knows_the_usual_spellings(pose_format, spelling):
    found = map_of(pose_format.value).find(points_named(*foreign.names(spelling)))
    assert found == {mark: (place,) for place, mark in enumerate(foreign.LANDMARKS)}


def test_the_packaged_maps_name_landmarks_only_and_say_where_from():
    for pose_format in PoseFormat:
        packaged = map_of(pose_format.value)
        assert set(packaged.choices) == set(Landmark)
    assert [len(order) for order in map_of("openpose").orders.values()] == [25, 18]
    assert map_of("blazepose").orders["BLAZEPOSE_33"] == tuple(m.name.lower() for m in Landmark)


def test_the_centre_of_a_joint_comes_before_the_marker_on_its_skin():
    found = map_of("c3d").find(points_named("LKNE", "LKJC", "LASI", "LSHO"))
    assert found == {Landmark.LEFT_KNEE: (1,), Landmark.LEFT_SHOULDER: (3,)}


def test_points_between_are_no_landmarks():
    found = map_of("openpose").find(points_named("Neck", "MidHip", "LHip"))
    assert found == {Landmark.LEFT_HIP: (2,)}


def test_a_map_of_the_users_own_comes_first_and_may_take_the_middle():
    names = user_map(
        '[landmarks]\nleft_hip = "odd one"\nleft_ankle = { mean_of = ["LANK", "LMED"] }\n'
        'left_knee = ["not here", "LKNE"]\n'
    )
    found = points_named("left_hip", "Odd-One", "LANK", "LMED", "LKNE", "right_hip")
    assert names.find(found) == {
        Landmark.LEFT_HIP: (1,),
        Landmark.LEFT_ANKLE: (2, 3),
        Landmark.LEFT_KNEE: (4,),
        Landmark.RIGHT_HIP: (5,),
    }


def test_the_middle_is_missing_where_one_of_its_points_is():
    values = np.array([[[0.0, 2.0], [4.0, 6.0]], [[0.0, 2.0], [np.nan, np.nan]]])
    np.testing.assert_allclose(middle(values, (0, 1)), [[2.0, 4.0], [np.nan, np.nan]])
    np.testing.assert_allclose(middle(values, (0,)), values[:, 0])


def test_a_point_that_the_user_names_must_be_there():
    with pytest.raises(ExchangeError, match="left_hip: expected LHJC among the points, got a, b"):
        user_map('[landmarks]\nleft_hip = "LHJC"').find(points_named("a", "b"))
    with pytest.raises(ExchangeError, match="expected a, LHJC among"):
        user_map('[landmarks]\nleft_hip = {mean_of = ["a", "LHJC"]}').find(points_named("a", "b"))


def test_a_file_without_any_known_name_lists_what_it_has():
    with pytest.raises(ExchangeError, match=r"got p0, p1, .*p11, …\.") as caught:
        map_of("c3d").find(points_named(*(f"p{n}" for n in range(20))))
    assert "--names" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[landmarks", "expected TOML"),
        ("landmarks = 3", "a table"),
        ('[landmarks]\nleft_hop = "a"', "names of landmarks such as left_hip, got 'left_hop'"),
        ("[landmarks]\nleft_hip = 3", "a point's name, or a list of names, for left_hip, got 3"),
        ("[landmarks]\nleft_hip = []", "for left_hip"),
        ('[landmarks]\nleft_hip = { middle = ["a"] }', "for left_hip"),
        ('left_hip = "a"', "nothing but version, source, landmarks, got 'left_hip'"),
        ("[orders]\nmine = 5", "nothing but version, source, landmarks, got 'orders'"),
        ("", "with a landmark in it"),
    ],
)
def test_maps_that_are_none(tmp_path, text, message):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ExchangeError, match=message):
        read_map(path)


def test_a_map_that_is_not_there(tmp_path):
    with pytest.raises(ExchangeError, match="expected a map of names"):
        read_map(tmp_path / "nothing.toml")

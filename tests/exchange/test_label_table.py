"""Labels from a table: what a line says, and what is wrong with it."""

import pytest

from labeler.core.errors import ExchangeError
from labeler.core.label import Answer
from labeler.exchange.label_table import LabelLine, read_labels


@pytest.fixture
def table(tmp_path):
    def write(text: str, encoding: str = "utf-8"):
        file = tmp_path / "labels.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return write


def test_answers_come_out_as_they_were_meant(table):
    found = read_labels(
        table(
            "rep,fault,answer,rater\nr-1,nod,0,Ann\nr-2,nod,nv,Ann\nr-3,nod,None,Bo\nr-4,nod,,Bo\n"
        )
    )
    assert [(line.line, line.answer, line.rater) for line in found] == [
        (2, Answer.ABSENT, "Ann"),
        (3, Answer.NOT_VISIBLE, "Ann"),
        (4, None, "Bo"),
    ]


def test_a_spreadsheets_ways_are_understood(table):
    """Byte order mark, Windows line ends, spaces, capitals, empty lines, columns in any order."""
    head = "\ufeff Answer ,REP,fault,note,confidence\r\n"
    text = head + ' 2 , r-1 ,nod,"a ""b"",\r\nc",0.5\r\n\r\n,,,,\r\n'
    assert read_labels(table(text), rater="Ann") == [
        LabelLine(3, "r-1", "nod", Answer.CLEAR, "Ann", 0.5, 'a "b",\r\nc')
    ]


def test_a_line_names_its_rater_before_the_command_does(table):
    file = table("rep,fault,answer,rater\nr-1,nod,1,Bo\nr-1,nod,1,\n")
    assert [line.rater for line in read_labels(file, rater="Ann")] == ["Bo", "Ann"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: expected the columns rep, fault, answer .* got nothing"),
        ("rep,answer\n", "line 1: expected the columns"),
        ("rep,fault,answer,colour\n", "line 1: expected the columns .*colour"),
        ("rep,fault,answer,rep\n", "line 1: expected the columns"),
        ("rep,fault,answer\nr,nod\n", "line 2: expected 3 cells, got 2"),
        ("rep,fault,answer\n,nod,1\n", "line 2: expected a rep, got an empty cell"),
        ("rep,fault,answer\nr,,1\n", "line 2: expected a fault, got an empty cell"),
        ("rep,fault,answer,rater\nr,nod,1,\n", "line 2: expected a rater, got an empty cell"),
        ("rep,fault,answer,rater\nr,nod,4,A\n", "line 2: expected an answer .*, got '4'"),
        ("rep,fault,answer,rater,confidence\nr,nod,1,A,2\n", "line 2: expected a confidence"),
        ("rep,fault,answer,rater,confidence\nr,nod,1,A,nan\n", "line 2: expected a confidence"),
        ("rep,fault,answer,rater,confidence\nr,nod,1,A,sure\n", "line 2: .* got 'sure'"),
        (
            "rep,fault,answer,rater\nr,nod,1,A\nr,nod,2,A\n",
            "line 3: expected one answer to each question, got another in line 2",
        ),
        ('rep,fault,answer\nr,"nod,1\n', "expected a CSV table in UTF-8"),
    ],
)
def test_what_is_wrong_is_named_by_line(table, text, message):
    with pytest.raises(ExchangeError, match=message) as caught:
        read_labels(table(text))
    assert "rep, fault, answer" in caught.value.hint


def test_a_file_of_another_encoding_or_none_is_said(table, tmp_path):
    with pytest.raises(ExchangeError, match="expected a CSV table in UTF-8"):
        read_labels(table("rep,fault,answer\nr,n\xf6d,1\n", encoding="latin-1"))
    with pytest.raises(ExchangeError, match="expected a CSV table in UTF-8"):
        read_labels(tmp_path / "nothing.csv")


def test_a_moment_is_a_time_from_the_first_frame_on(table):
    head = "rep,fault,answer,rater,moment_s\n"
    found = read_labels(table(f"{head}r-1,nod,2,Ann,2.31\nr-2,nod,2,Ann,\nr-3,nod,1,Ann,0\n"))
    assert [line.moment_s for line in found] == [2.31, None, 0.0]
    for text in ("-1", "soon", "nan", "inf"):
        with pytest.raises(ExchangeError, match="line 2: expected a moment in seconds from 0"):
            read_labels(table(f"{head}r-1,nod,2,Ann,{text}\n"))

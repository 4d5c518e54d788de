import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.errors import StorageError, StoreError, UsageError
from labeler.core.label import Answer
from labeler.workflows.operations import (
    AllClearOp,
    AnswerOp,
    EdgesOp,
    Receipts,
    RedoOp,
    Refusal,
    UndoOp,
    parse_commit,
    parse_op,
)

AT = "2025-01-02T03:04:05.678Z"


def commit(*ops, **changes):
    return {"client": "c1", "clip": "ab" * 32, "rater": "Ann", "ops": list(ops), **changes}


def answer(seq, value="2"):
    return {"seq": seq, "op": "answer", "at": AT, "rep": "r-1", "fault": "f", "answer": value}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (answer(1), AnswerOp(1, AT, "r-1", "f", Answer.CLEAR)),
        (answer(1, "NV"), AnswerOp(1, AT, "r-1", "f", Answer.NOT_VISIBLE)),
        (answer(1, None), AnswerOp(1, AT, "r-1", "f", None)),
        (
            answer(1) | {"confidence": 1, "note": "é, later"},
            AnswerOp(1, AT, "r-1", "f", Answer.CLEAR, 1.0, "é, later"),
        ),
        (answer(1) | {"confidence": None, "note": ""}, AnswerOp(1, AT, "r-1", "f", Answer.CLEAR)),
        (
            answer(1) | {"moment": 0},
            AnswerOp(1, AT, "r-1", "f", Answer.CLEAR, None, None, moment_frame=0),
        ),
        (answer(1) | {"moment": None}, AnswerOp(1, AT, "r-1", "f", Answer.CLEAR)),
        ({"seq": 2, "op": "all_clear", "at": AT, "rep": "r-1"}, AllClearOp(2, AT, "r-1")),
        (
            {"seq": 3, "op": "edges", "at": AT, "rep": "r-1", "start": 0, "turn": 5, "stop": 9},
            EdgesOp(3, AT, "r-1", 0, 5, 9),
        ),
        ({"seq": 4, "op": "undo", "at": AT}, UndoOp(4, AT)),
        ({"seq": 5, "op": "redo", "at": AT}, RedoOp(5, AT)),
    ],
)
def test_every_kind_of_operation_is_read(raw, expected):
    assert parse_op(raw) == expected


@pytest.mark.parametrize(
    "remark",
    [
        {"confidence": 1.5},
        {"confidence": True},
        {"confidence": "x"},
        {"note": "x" * 201},
        {"moment": -1},
        {"moment": 2.5},
    ],
)
def test_a_remark_that_the_player_never_sends(remark):
    with pytest.raises(UsageError, match=f"{next(iter(remark))}: expected"):
        parse_op(answer(1) | remark)


def test_a_commit_names_its_client_clip_and_rater():
    batch = parse_commit(commit(answer(7)))
    assert (batch.client, batch.clip_id, batch.rater) == ("c1", "ab" * 32, "Ann")
    assert batch.action_id(batch.ops[0]) == "c1:7"


def test_a_rater_has_one_name_however_a_browser_has_kept_it():
    """Else what is hidden from that rater elsewhere, by the tidy name, would be shown."""
    for kept in ("Jos\u00e9 Ruiz", "Jose\u0301  Ruiz", " Jos\u00e9\u00a0Ruiz "):
        assert parse_commit(commit(rater=kept)).rater == "Jos\u00e9 Ruiz"


def test_an_empty_commit_only_asks_for_news():
    assert parse_commit(commit()).ops == ()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (None, "commit: expected an object, got None"),
        ([], "commit: expected an object"),
        (commit(client=""), "client: expected 1 to 200 characters, got ''"),
        (commit(clip=3), "clip: expected 1 to 200 characters, got 3"),
        (commit(rater="x" * 201), "rater: expected 1 to 200 characters"),
        (commit(ops="none"), "ops: expected a list, got 'none'"),
        (commit("text"), "op: expected an object, got 'text'"),
        (commit({"op": "undo"}), "seq: expected a whole number from 0, got None"),
        (commit({"op": "undo", "seq": True}), "seq: expected a whole number from 0, got True"),
    ],
)
def test_a_broken_envelope_says_what_is_wrong(raw, message):
    with pytest.raises(UsageError) as error:
        parse_commit(raw)
    assert error.value.message.startswith(message)
    assert "Reload" in error.value.hint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"op": "dance"},
            "op: expected one of answer, all_clear, edges, add_rep, delete_rep, split, "
            "merge, restore, undo, redo, got 'dance'.",
        ),
        ({"answer": "4"}, "answer: expected 0, 1, 2, 3, NV or null, got '4'."),
        ({"answer": ["0"]}, "answer: expected 0, 1, 2, 3, NV or null, got ['0']."),
        ({"rep": None}, "rep: expected 1 to 200 characters, got None."),
        ({"at": 5}, "at: expected 1 to 200 characters, got 5."),
    ],
)
def test_an_unreadable_operation_is_set_aside_and_the_others_go_on(change, message):
    batch = parse_commit(commit({**answer(1), **change}, answer(2)))
    assert [op.seq for op in batch.ops] == [2]
    assert batch.malformed == (Refusal("c1", 1, message),)


def test_negative_frames_are_unreadable():
    edges = {"seq": 1, "op": "edges", "at": AT, "rep": "r", "start": -1, "turn": 0, "stop": 2}
    assert parse_commit(commit(edges)).malformed[0].message.startswith("start: expected a whole")


@given(st.lists(st.integers(1, 12), min_size=1, max_size=40))
def test_resending_never_records_twice_and_never_loses(prefixes):
    """However often growing prefixes of the outbox arrive, each operation is recorded once."""
    receipts, recorded = Receipts(), []
    for n_sent in [*prefixes, 12]:
        batch = parse_commit(commit(*(answer(seq) for seq in range(1, n_sent + 1))))
        receipts.settle(batch, lambda op: recorded.append(op.seq))
    assert recorded == list(range(1, 13))
    assert receipts.acks == {"c1": 12}


def test_a_refused_operation_is_acknowledged_with_its_reason():
    def record(op):
        if op.seq == 1:
            raise StoreError("rep: expected one of r-2, got r-1.", hint="Reload the page.")

    receipts = Receipts()
    for _ in range(2):
        receipts.settle(parse_commit(commit(answer(1), answer(2))), record)
    assert receipts.acks == {"c1": 2}
    assert receipts.refused == [
        Refusal("c1", 1, "rep: expected one of r-2, got r-1. Reload the page.")
    ]


def test_a_full_disk_leaves_the_operation_with_the_browser():
    """Acknowledging it would make the browser forget what was never saved."""

    def record(op):
        if op.seq == 2:
            raise StorageError("labels.db: expected room for one more change, got a full disk.")

    receipts = Receipts()
    with pytest.raises(StorageError, match="full disk"):
        receipts.settle(parse_commit(commit(answer(1), answer(2), answer(3))), record)
    assert receipts.acks == {"c1": 1}
    assert not receipts.refused


def test_a_malformed_operation_is_acknowledged_once():
    receipts, batch = Receipts(), parse_commit(commit({**answer(1), "op": "dance"}))
    for _ in range(2):
        receipts.settle(batch, print)
    assert receipts.acks == {"c1": 1}
    assert [refusal.seq for refusal in receipts.refused] == [1]


def test_a_crash_leaves_the_operation_unacknowledged():
    def record(op):
        if op.seq == 2:
            raise OSError("disk full")

    receipts = Receipts()
    with pytest.raises(OSError, match="disk full"):
        receipts.settle(parse_commit(commit(answer(1), answer(2), answer(3))), record)
    assert receipts.acks == {"c1": 1}

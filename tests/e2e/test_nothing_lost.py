"""What waits in a browser: closed tabs, other tabs, other clips, a storage that is full."""

import json
import re

import pytest

pytestmark = pytest.mark.e2e

AT = "2026-01-02T03:04:05.678Z"

BLOCKED = """() => {
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""


FORBIDDEN = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
});"""


@pytest.fixture
def line(page):
    """The connection of all tabs of this browser; `cut()` lets nothing through, `mend()` does."""
    is_cut = [False]

    def relay(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if is_cut[0] else server.send(message))

    page.context.route_web_socket(re.compile("_stcore/stream"), relay)
    return is_cut


def counts(page):
    text = page.get_by_text(re.compile(r"runs=\d+")).inner_text()
    return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", text)}


def saved(page):
    page.wait_for_function("window.__labelerPlayer.pending === 0")
    page.get_by_text("Saved", exact=True).wait_for()


def answers(page, n_rows=3):
    rows = page.eval_on_selector_all(".fault", "rows => rows.map((row) => row.dataset.answer)")
    return rows[:n_rows]


def kept(page):
    """The names of what this browser keeps for a player."""
    return page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('labeler.outbox'))")


def put(page, name, value):
    page.evaluate("([k, v]) => localStorage.setItem(k, v)", [name, json.dumps(value)])


def answer(seq, rep, fault, given):
    return {"op": "answer", "seq": seq, "at": AT, "rep": rep, "fault": fault, "answer": given}


def names(page):
    """The repetition in focus and the first two faults, by id."""
    rep = page.evaluate("window.__labelerPlayer.repId")
    faults = page.eval_on_selector_all(".fault", "rows => rows.map((row) => row.dataset.fault)")
    return rep, faults[:2]


def test_undo_and_redo_are_seen_while_nothing_comes_through(open_player, page, line):
    open_player("alone", "offline undo")
    page.keyboard.press("2")
    saved(page)
    line[0] = True
    for key in ("1", "1", "3"):
        page.keyboard.press(key)
    assert answers(page) == ["2", "1", "1"]
    page.keyboard.press("u")
    page.keyboard.press("u")
    assert answers(page) == ["1", "1", "null"]
    page.keyboard.press("y")
    assert answers(page) == ["2", "1", "null"]
    page.get_by_text("6 waiting to be saved", exact=True).wait_for()
    line[0] = False
    saved(page)
    assert answers(page) == ["2", "1", "null"]


def test_without_a_network_the_header_says_so_and_sends_as_soon_as_there_is_one(open_player, page):
    open_player("alone", "no network")
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.get_by_text("1 waiting to be saved: no network", exact=True).wait_for()
    assert len(kept(page)) == 1
    page.context.set_offline(False)
    saved(page)
    assert kept(page) == []


def test_two_tabs_of_one_rater_deliver_each_once_and_take_over_what_a_closed_one_left(
    open_player, page, line
):
    open_player("alone", "two tabs")
    before = counts(page)["recorded"]
    other = open_player("alone", "two tabs", on=page.context.new_page())
    line[0] = True
    page.keyboard.press("1")
    page.keyboard.press("n")
    page.keyboard.press("2")
    other.keyboard.press("3")
    assert len({name.rsplit("/", 1)[0] for name in kept(page)}) == 2, "each tab has its own"
    page.close()
    other.get_by_text("3 waiting to be saved").wait_for()
    line[0] = False
    saved(other)
    other.get_by_text(f"recorded={before + 3} distinct={before + 3}", exact=False).wait_for()
    assert answers(other) == ["1", "null", "1"]
    assert kept(other) == []


def test_what_another_clip_left_is_sent_too_and_what_another_dataset_left_stays(
    open_player, page, site
):
    open_player("plain", "left behind")
    rep, (fault, second) = names(page)
    mine, alien = (f"labeler.outbox/{of}/plain/left%20behind/gone/" for of in ("", "elsewhere"))
    put(page, f"{mine}2", answer(2, rep, second, "3"))
    put(page, f"{mine}1", answer(1, rep, fault, "2"))
    put(page, f"{alien}1", answer(1, rep, fault, "1"))
    open_player("alone", "left behind")
    saved(page)
    assert kept(page) == [f"{alien}1"]
    open_player("plain", "left behind")
    assert answers(page)[:2] == ["2", "3"]


def test_an_outbox_that_an_older_player_left_is_sent(open_player, page):
    open_player("alone", "older")
    rep, (fault, second) = names(page)
    old = [answer(1, rep, fault, "1"), answer(2, rep, second, "2")]
    put(page, "labeler.outbox/alone/older/gone", old)
    open_player("alone", "older")
    saved(page)
    assert answers(page)[:2] == ["1", "2"]
    assert kept(page) == []


def test_a_storage_that_takes_nothing_is_said_and_the_tab_asks_before_it_closes(
    open_player, page, line
):
    open_player("alone", "full storage")
    page.evaluate(BLOCKED)
    page.keyboard.press("1")
    saved(page)
    line[0] = True
    page.keyboard.press("2")
    page.get_by_text("1 waiting, in this tab only: keep it open", exact=True).wait_for()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_function("1")
    line[0] = False
    saved(page)
    assert asked == ["beforeunload"]
    assert answers(page) == ["1", "1", "null"]


def test_without_any_storage_one_labels_all_the_same_and_is_told_to_keep_the_tab_open(
    open_player, page, line
):
    page.add_init_script(FORBIDDEN)
    open_player("alone", "no storage")
    page.keyboard.press("1")
    saved(page)
    line[0] = True
    page.keyboard.press("u")
    page.get_by_text("1 waiting, in this tab only: keep it open", exact=True).wait_for()
    line[0] = False
    saved(page)
    assert answers(page) == ["null", "null", "null"]


def test_a_refusal_says_what_waits_beside_it_and_once_read_stays_away(open_player, page, line):
    open_player("alone", "refusal read")
    page.evaluate("window.__labelerPlayer.seek(1)")
    page.wait_for_function("window.__labelerPlayer.frame === 1")
    page.keyboard.press("i")
    page.get_by_text("1 not saved: start: expected any other frame").wait_for()
    line[0] = True
    page.keyboard.press("1")
    page.get_by_text("· 1 waiting to be saved").wait_for()
    line[0] = False
    page.get_by_role("button", name="Dismiss").click()
    saved(page)

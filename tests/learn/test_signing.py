"""Whose word a model has: cards signed here, elsewhere, never, or changed since."""

import json
import stat

import joblib
import pytest
from learn.toy_reps import toy_table

from labeler.learn import signing
from labeler.learn.artifact import load_model, make_card, save_model
from labeler.learn.card import (
    CARD_FILE,
    MODEL_FILE,
    ModelMismatchError,
    UntrustedModelError,
    read_card,
)
from labeler.learn.signing import (
    KEY_FILE,
    TRUSTED_FILE,
    SigningError,
    Standing,
    digest_of,
    remember,
    sign,
    standing_of,
    trusted,
)
from labeler.learn.train import train

CARD = {"name": "toy", "sha256": "ab", "threshold": 0.5}


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    """An installation that has never trained."""
    folder = tmp_path / "config"
    monkeypatch.setenv(signing.CONFIG_VARIABLE, str(folder))
    return folder


@pytest.fixture
def folder(tmp_path):
    """A model that was trained and saved here."""
    table = toy_table(athletes="AB")
    model = train(table, name="toy")
    save_model(model, make_card(model, table), tmp_path / "models" / "toy")
    return tmp_path / "models" / "toy"


def signed(card=CARD):
    return {**card, "signature": sign(card)}


def elsewhere(monkeypatch, tmp_path):
    """Go on as another installation."""
    monkeypatch.setenv(signing.CONFIG_VARIABLE, str(tmp_path / "another"))


def test_the_key_is_made_once_for_its_owner_alone(config):
    assert not config.exists()
    first = sign(CARD)
    assert stat.S_IMODE((config / KEY_FILE).stat().st_mode) == 0o600
    assert sign(CARD) == first
    assert [path.name for path in config.iterdir()] == [KEY_FILE]
    assert (config / KEY_FILE).read_text().strip() not in json.dumps(first)


def test_of_two_processes_that_make_the_key_one_makes_it_for_both(config, monkeypatch):
    first = sign(CARD)
    monkeypatch.setattr(signing, "_key", lambda: None)
    key = (config / KEY_FILE).read_text()
    signing._new_key()
    assert (config / KEY_FILE).read_text() == key
    monkeypatch.undo()
    monkeypatch.setenv(signing.CONFIG_VARIABLE, str(config))
    assert sign(CARD) == first


def test_the_default_place_is_the_users_own(monkeypatch):
    monkeypatch.delenv(signing.CONFIG_VARIABLE)
    assert "labeler" in signing.config_folder().parts


def test_what_a_signature_is_worth(monkeypatch, tmp_path):
    card = signed()
    assert standing_of(card) is Standing.OWN
    assert standing_of(dict(reversed(card.items()))) is Standing.OWN, "order means nothing"
    assert standing_of({**card, "threshold": 0.4}) is Standing.ALTERED
    assert standing_of({**card, "signature": None}) is Standing.UNSIGNED
    assert standing_of(CARD) is Standing.UNSIGNED
    elsewhere(monkeypatch, tmp_path)
    assert standing_of(card) is Standing.FOREIGN, "no key yet"
    sign(CARD)
    assert standing_of(card) is Standing.FOREIGN
    forged = {**card, "signature": {**card["signature"], "key": sign(CARD)["key"]}}
    assert standing_of(forged) is Standing.ALTERED


def test_trust_is_for_exactly_one_card_and_can_be_taken_back():
    made = remember(CARD, by="Ann", reason="from my colleague")
    assert (made.digest, made.model, made.by) == (digest_of(CARD), "toy", "Ann")
    assert standing_of(CARD) is Standing.TRUSTED
    assert standing_of({**CARD, "sha256": "cd"}) is Standing.UNSIGNED
    assert trusted()[made.digest].reason == "from my colleague"
    remember(CARD, by="Ann", is_trusted=False)
    assert standing_of(CARD) is Standing.UNSIGNED
    assert len((signing.config_folder() / TRUSTED_FILE).read_text().splitlines()) == 2


def test_a_broken_line_trusts_nothing(config):
    remember(CARD, by="Ann")
    with (config / TRUSTED_FILE).open("a") as stream:
        stream.write('{"digest": "x"}\n[]\nnonsense\n')
    assert set(trusted()) == {digest_of(CARD)}


@pytest.mark.parametrize("content", ["zz", "", "abcd"])
def test_a_broken_key_says_so(config, content):
    config.mkdir()
    (config / KEY_FILE).write_text(content)
    with pytest.raises(SigningError, match="own file to sign models with") as error:
        sign(CARD)
    assert "can be deleted" in error.value.hint


def test_what_cannot_be_written_or_read_says_so(config):
    (config / TRUSTED_FILE).mkdir(parents=True)
    for ask in (lambda: remember(CARD, by="Ann"), trusted):
        with pytest.raises(SigningError, match="own file to sign models with"):
            ask()


def test_a_file_in_place_of_the_folder_says_so(config):
    config.write_text("not a folder")
    assert standing_of(CARD) is Standing.UNSIGNED
    with pytest.raises(SigningError):
        sign(CARD)


def never_opened(monkeypatch):
    monkeypatch.setattr(joblib, "load", lambda _: pytest.fail("the file was opened"))


def test_an_own_model_opens_without_a_question(folder):
    assert load_model(folder)[1].signature is not None


def test_an_altered_card_is_refused_before_opening(folder, monkeypatch):
    never_opened(monkeypatch)
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps({**card, "threshold": 0.01}))
    with pytest.raises(UntrustedModelError, match="changed after it was signed here") as error:
        load_model(folder)
    assert 'labeler models trust "toy"' in error.value.hint


def test_a_file_exchanged_with_its_checksum_is_refused_before_opening(folder, monkeypatch):
    """Whoever can write the card can write a checksum, but not the code over it."""
    from labeler.learn.card import sha256_of

    never_opened(monkeypatch)
    (folder / MODEL_FILE).write_bytes(b"anything")
    card = json.loads((folder / CARD_FILE).read_text())
    card["sha256"] = sha256_of(folder / MODEL_FILE)
    (folder / CARD_FILE).write_text(json.dumps(card))
    with pytest.raises(UntrustedModelError):
        load_model(folder)


def test_an_unsigned_model_is_refused_until_somebody_trusts_it(folder):
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps({**card, "signature": None}))
    with pytest.raises(UntrustedModelError, match="without a signature"):
        load_model(folder)
    remember(read_card(folder).as_dict(), by="Ann")
    assert load_model(folder)[1].name == "toy"


def test_a_model_of_another_installation_is_refused_until_somebody_trusts_it(
    folder, monkeypatch, tmp_path
):
    elsewhere(monkeypatch, tmp_path)
    with pytest.raises(UntrustedModelError, match="signed by another installation"):
        load_model(folder)
    remember(read_card(folder).as_dict(), by="Ann")
    assert load_model(folder)[1].name == "toy"
    with (folder / MODEL_FILE).open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ModelMismatchError, match="sha256 of the model file"):
        load_model(folder)

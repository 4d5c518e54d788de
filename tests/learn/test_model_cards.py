"""Cards: all that a model is, readable for people and programs, in every format there was."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from learn.toy_reps import toy_table

from labeler.features.registry import features_version
from labeler.learn import provenance
from labeler.learn.artifact import load_model, make_card, save_model
from labeler.learn.card import (
    CARD_FILE,
    CARD_FORMAT,
    MODEL_FILE,
    ModelMismatchError,
    check_model,
    list_models,
    read_card,
    sha256_of,
)
from labeler.learn.card_page import CARD_PAGE, card_page, data_rows
from labeler.learn.provenance import code_version, data_digest, environment
from labeler.learn.train import train

FORMAT_1 = Path(__file__).parent / "golden" / "card_format_1.json"


@pytest.fixture
def old(tmp_path):
    """A folder with a card that training wrote before cards were signed."""
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / CARD_FILE).write_bytes(FORMAT_1.read_bytes())
    (folder / MODEL_FILE).write_bytes(b"never opened")
    return folder


def made(**metrics):
    table = toy_table()
    model = train(table, name="toy")
    agreement = {"kappa": 0.61, "low": 0.4, "high": 0.8, "n_overlaps": 12, "n_raters": 2}
    return make_card(model, table, metrics=metrics, agreement=agreement)


def test_a_card_of_format_1_stays_readable_to_the_last_field(old):
    card = read_card(old)
    assert (card.card_format, card.fault, card.trained_on.n_reps) == (1, "torso_dip_first", 77)
    assert card.as_dict() == json.loads(FORMAT_1.read_text()), "nothing is added, nothing lost"
    assert card.signature is None
    assert (card.members, card.seed, card.trained_on.data_digest) == ((), None, "")


def test_a_model_of_format_1_is_listed_and_asks_to_be_trained_again(old):
    (found,) = list_models(old.parent, features_version=features_version())
    assert found.card.name == "torso_dip_first"
    with pytest.raises(ModelMismatchError, match="card format: expected 2, got 1") as error:
        check_model(old, features_version=features_version())
    assert error.value.hint.startswith("Train the model again")
    assert str(found.problem) == str(error.value)


def test_a_card_of_format_1_can_be_read_as_a_page(old):
    page = card_page(read_card(old))
    assert "77, of them 17 with the fault" in page
    assert "none: an older card" in page


def test_a_card_says_what_a_model_can_be_made_again_from():
    card = made()
    assert card.card_format == CARD_FORMAT
    assert card.members[0] == "logistic regression"
    assert isinstance(card.seed, int)
    assert card.trained_on.data_digest == data_digest(toy_table())
    assert card.code_version == code_version()
    assert card.environment == environment()
    assert card.intended_use
    assert card.trained_on.agreement["kappa"] == pytest.approx(0.61)


def test_the_digest_of_the_data_changes_with_whatever_training_reads():
    table = toy_table()
    same = data_digest(table)
    assert data_digest(toy_table()) == same
    features = table.features.copy()
    features.iloc[0, 0] += 1e-9
    changed = (
        replace(table, features=features),
        replace(table, features=table.features.rename(columns=str.upper)),
        replace(table, y=1 - table.y),
        replace(table, weight=table.weight * 0.9),
        replace(table, miss_cost=2.0),
        table.take(np.arange(1, len(table))),
    )
    assert len({same, *map(data_digest, changed)}) == len(changed) + 1


def test_the_version_of_the_code_is_that_of_its_source():
    number, digest = code_version().split("+")
    assert number == provenance.installed("labeler")
    assert len(digest) == provenance.N_DIGEST_DIGITS


def test_the_page_tells_data_worth_limits_and_use():
    share = {"value": 0.81, "low": 0.7, "high": 0.9}
    row = {"method": "model", "n_reps": 48, "estimates": {"auprc": share, "f1": {"value": 0.5}}}
    card = made(rows=[row], protocol="leave one athlete out", verdict="not shown")
    page = card_page(replace(card, name="my <b> model | two\nlines"))
    assert "# my &lt;b> model \\| two lines" in page
    assert "| model | 48 | 0.81 (0.70 to 0.90) | cannot tell | cannot tell | 0.50 |" in page
    assert "**Raters agree (κ)**: 0.61 (0.40 to 0.80) over 12 repetitions" in page
    assert "Not for diagnosis" in page
    assert all(limit in page for limit in card.limits)
    assert data_rows(card)["Athletes"] == "6"


def test_a_card_without_scores_or_second_raters_says_so():
    card = made()
    page = card_page(replace(card, trained_on=replace(card.trained_on, agreement=None)))
    assert "it was not tested" in page
    assert "no two raters graded the same repetitions" in page


def test_the_page_lies_beside_the_card(tmp_path):
    table = toy_table(athletes="AB")
    model = train(table, name="toy")
    card = save_model(model, make_card(model, table), tmp_path / "toy")
    assert (tmp_path / "toy" / CARD_PAGE).read_text(encoding="utf-8") == card_page(card)
    assert card.sha256 == sha256_of(tmp_path / "toy" / MODEL_FILE)


def test_a_model_that_hears_courses_needs_the_library_that_made_it(tmp_path):
    table = toy_table(athletes="AB")
    model = train(table, name="toy")
    card = make_card(model, table)
    card = replace(card, libraries={**card.libraries, "aeon": "0.0.1"})
    save_model(model, card, tmp_path / "toy")
    with pytest.raises(ModelMismatchError, match=r"aeon: expected 0\.0\.1, got ") as error:
        load_model(tmp_path / "toy")
    assert "labeler[rocket]" in error.value.hint

"""Models as things: list them, hold two side by side, trust one, send one to somebody."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from labeler.core.names import tidy_name
from labeler.workflows.promoting import Decision, Scope, current
from labeler.workflows.training import model_rows, models_in

if TYPE_CHECKING:
    from labeler.learn.card import ModelCard
    from labeler.learn.signing import Standing, Trust

NOT_TOLD: Final = "cannot tell"

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to look at before somebody trusts a model; nothing was opened for it.

    Parameters
    ----------
    standing : Standing
        What its signature is worth here.
    wanted_types : tuple[str, ...]
        What a shared model wants to build besides plain NumPy and scikit-learn types.
    page : str
        The card, as Markdown.
    """

    folder: Path
    card: "ModelCard"
    standing: "Standing"
    wanted_types: tuple[str, ...]
    page: str

    @property
    def is_shared(self) -> bool:
        """Whether the file can be looked through before it is built; a joblib file cannot."""
        from labeler.learn.card import SHARED_FILE

        return self.card.model_file == SHARED_FILE

    @property
    def risk(self) -> str:
        """What trusting it means, in words."""
        if self.is_shared:
            return (
                "Opening it builds the types listed here and runs no code of its own. What it "
                "answers is still somebody else's work."
            )
        return "Opening it runs whatever code its author put into the file, with your rights."

    @property
    def words(self) -> str:
        """What one should know before saying yes."""
        types = ", ".join(self.wanted_types) or "none"
        built = f" Types that it builds besides plain NumPy and scikit-learn: {types}."
        return f"It is {self.standing.words}. {self.risk}{built if self.is_shared else ''}"


def listed(models: Path, dataset_folder: Path | None = None) -> list[dict[str, Any]]:
    """Every model as a row: as `model_rows`, and where it is in force in a dataset.

    ``in_force`` are the movements that it was promoted for; none where its fault's rule speaks. Of
    those that are ``lapsed`` another model of its name was promoted. There, and for a model with a
    ``problem``, the rule speaks.
    """
    promoted = current(dataset_folder) if dataset_folder is not None else {}
    cards = {one.folder.name: one.card for one in models_in(models)}
    return [
        {**row, **_spoken(row["model"], cards[row["model"]], promoted)}
        for row in model_rows(models)
    ]


def compared(one: Path, other: Path) -> list[dict[str, str]]:
    """Two cards side by side: a row for each thing that they tell, numbers with their intervals.

    ``differs`` is *yes* where they do not say the same. Only cards are read, of any format.

    Raises
    ------
    LearningError
        One of them is no model folder.
    """
    told = _read(one, _told), _read(other, _told)
    names = list(dict.fromkeys((*told[0], *told[1])))
    rows = []
    for name in names:
        cells = [card.get(name, NOT_TOLD) for card in told]
        differs = "yes" if cells[0] != cells[1] else ""
        rows.append({"what": name, "first": cells[0], "second": cells[1], "differs": differs})
    return rows


def review(folder: Path) -> Review:
    """Look at a model without opening it.

    Raises
    ------
    LearningError
        Its file is not the card's, it was made with another version, or it wants to build what no
        model of ours is made of: then there is nothing to trust.
    """
    from labeler.features.registry import features_version
    from labeler.learn.card import SHARED_FILE, check_fits
    from labeler.learn.card_page import card_page
    from labeler.learn.sharing import refuse_strangers, wanted_types
    from labeler.learn.signing import standing_of

    card = check_fits(folder, features_version=features_version())
    wanted: tuple[str, ...] = ()
    if card.model_file == SHARED_FILE:
        wanted = wanted_types((folder / SHARED_FILE).read_bytes(), folder)
        refuse_strangers(wanted, folder)
    page = _read(folder, card_page)
    return Review(folder, card, standing_of(card.as_dict()), wanted, page)


def trust(looked: Review, *, by: str, reason: str = "") -> "Trust":
    """Keep that somebody has looked at exactly this model and vouches for it on this computer."""
    from labeler.learn.signing import remember

    return remember(looked.card.as_dict(), by=tidy_name(by), reason=reason.strip())


def distrust(folder: Path, *, by: str, reason: str = "") -> "Trust":
    """Take back the word for a model that came from elsewhere."""
    from labeler.learn.card import read_card
    from labeler.learn.signing import remember

    card = read_card(folder).as_dict()
    return remember(card, by=tidy_name(by), reason=reason.strip(), is_trusted=False)


def share(folder: Path, out: Path) -> "ModelCard":
    """Write a model as others may open it: a file that is looked through first, and its card.

    The raters' names stay here: the card that travels numbers them.

    Raises
    ------
    LearningError
        The model may not be opened here, or something else is in the folder `out`.
    """
    from labeler.learn.artifact import load_model, write_model
    from labeler.learn.card import SHARED_FILE
    from labeler.learn.sharing import pack

    model, card = load_model(folder)
    raters = tuple(f"rater {n}" for n, _ in enumerate(card.trained_on.raters, start=1))
    travelling = replace(
        card, model_file=SHARED_FILE, trained_on=replace(card.trained_on, raters=raters)
    )
    return write_model(pack(model.classifier), travelling, out)


def _read(folder: Path, say: Callable[["ModelCard"], Said]) -> Said:
    """What a card says; a made-up one may hold anything where numbers belong."""
    from labeler.learn.card import ModelFolderError, read_card

    card = read_card(folder)
    try:
        return say(card)
    except (AttributeError, KeyError, TypeError, ValueError) as cause:
        raise ModelFolderError(
            f"{folder.name}: expected a card with the numbers of a test, got one that cannot be "
            f"read ({type(cause).__name__}).",
            hint="Ask for the folder again, or train the model again.",
        ) from None


def _spoken(
    model: str, card: "ModelCard | None", promoted: dict[Scope, Decision]
) -> dict[str, list[str]]:
    """The movements that a model was promoted for, and those that one of its name was."""
    mine = {scope: one for scope, one in promoted.items() if one.model == model}
    digest = None if card is None else card.digest
    same = [scope.movement for scope, one in mine.items() if one.digest == digest]
    return {"in_force": same, "lapsed": [s.movement for s in mine if s.movement not in same]}


def _told(card: "ModelCard") -> dict[str, str]:
    """What a card tells, by name, in words."""
    from labeler.learn.card_page import data_rows
    from labeler.workflows.results import METRIC_NAMES, interval

    metrics = card.metrics
    none: dict[str, Any] = {}
    model = next((row for row in metrics.get("rows", ()) if row["method"] == "model"), none)
    scores = model.get("estimates", none)
    share_right = (model.get("worst") or none).get("balanced_accuracy")
    return {
        "Fault": card.fault,
        "Present from severity": str(card.severity_threshold),
        "Trained": card.created_at,
        "Clips": "synthetic" if card.is_synthetic else "recorded",
        **data_rows(card),
        "Tested by": str(metrics.get("protocol", NOT_TOLD)),
        "Verdict": str(metrics.get("verdict", NOT_TOLD)),
        **{name: interval(scores.get(key)) for key, name in METRIC_NAMES.items()},
        "Worst": NOT_TOLD if share_right is None else f"{share_right:.2f}",
        "Says present from": f"{card.threshold:.2f}",
        "Members": ", ".join(card.members) or NOT_TOLD,
        "Features": f"{len(card.feature_names)}, version {card.features_version}",
        "Courses": ", ".join(card.channel_names) or "none",
        "Seed": NOT_TOLD if card.seed is None else str(card.seed),
        "Code": card.code_version or NOT_TOLD,
    }

"""Who vouches for a model: opening its file runs code, so a card says who wrote it.

Cards are signed with a key that only this installation has: an HMAC-SHA256 over everything in the
card, the model file's checksum included. What was signed elsewhere, changed since or never signed
is opened only after a person has looked at it and said so.
"""

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import platformdirs

from labeler.core.errors import LearningError

CONFIG_VARIABLE: Final = "LABELER_CONFIG"
"""Names another folder for this installation's key and for whom it trusts."""

KEY_FILE: Final = "signing.key"
TRUSTED_FILE: Final = "trusted.jsonl"
SIGNATURE: Final = "signature"
"""The field of a card that is not signed, for it holds the signature."""

N_KEY_BYTES: Final = 32
N_KEY_ID_DIGITS: Final = 16


class Standing(StrEnum):
    """What a card's signature is worth here; the first two may be opened."""

    OWN = "own"
    TRUSTED = "trusted"
    UNSIGNED = "unsigned"
    FOREIGN = "foreign"
    ALTERED = "altered"

    @property
    def may_open(self) -> bool:
        """Whether the model file may be opened."""
        return self in (Standing.OWN, Standing.TRUSTED)

    @property
    def words(self) -> str:
        """What it means, to follow "got"."""
        return _WORDS[self]


_WORDS = {
    Standing.OWN: "one signed here",
    Standing.TRUSTED: "one that somebody here has looked at and trusts",
    Standing.UNSIGNED: "one without a signature",
    Standing.FOREIGN: "one signed by another installation",
    Standing.ALTERED: "one that was changed after it was signed here",
}


class SigningError(LearningError):
    """The key of this installation cannot be made or read."""


@dataclass(frozen=True, slots=True)
class Trust:
    """One decision about one card; a later one about the same card replaces it.

    Parameters
    ----------
    digest : str
        Of the card (`digest_of`), and so of the model file that it names.
    reason : str
        Why, as told; may be empty.
    """

    digest: str
    model: str
    by: str
    at_utc: str
    is_trusted: bool = True
    reason: str = ""

    def as_row(self) -> dict[str, Any]:
        """One row for pages and scripts."""
        return asdict(self)


def config_folder() -> Path:
    """Where this installation keeps what is its own and nobody else's."""
    told = os.environ.get(CONFIG_VARIABLE)
    return Path(told) if told else platformdirs.user_config_path("labeler")


def digest_of(card: Mapping[str, Any]) -> str:
    """Hexadecimal SHA-256 of a card as plain JSON types, its signature left out."""
    return sha256(_canonical(card)).hexdigest()


def sign(card: Mapping[str, Any]) -> dict[str, str]:
    """What belongs into the signature field of a card: the key's name and the code.

    The key is made where there is none yet.
    """
    key = _key() or _new_key()
    return {"key": _name_of(key), "hmac_sha256": _code(key, card)}


def standing_of(card: Mapping[str, Any]) -> Standing:
    """What a card as plain JSON types is worth on this installation."""
    if digest_of(card) in trusted():
        return Standing.TRUSTED
    signature, key = card.get(SIGNATURE), _key()
    if not isinstance(signature, Mapping):
        return Standing.UNSIGNED
    if key is None or signature.get("key") != _name_of(key):
        return Standing.FOREIGN
    is_right = hmac.compare_digest(str(signature.get("hmac_sha256")), _code(key, card))
    return Standing.OWN if is_right else Standing.ALTERED


def remember(
    card: Mapping[str, Any], *, by: str, reason: str = "", is_trusted: bool = True
) -> Trust:
    """Keep that somebody trusts exactly this card and its file, or does so no longer."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = Trust(digest_of(card), str(card.get("name")), by, now, is_trusted, reason)
    folder = _private_folder()
    try:
        with (folder / TRUSTED_FILE).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
    except OSError as cause:
        raise _refused(folder / TRUSTED_FILE, cause) from cause
    return made


def trusted() -> dict[str, Trust]:
    """The cards that are trusted now, by digest; a line that cannot be read trusts nothing."""
    file, found = config_folder() / TRUSTED_FILE, {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as cause:
        raise _refused(file, cause) from cause
    for line in lines:
        try:
            one = Trust(**json.loads(line))
        except (ValueError, TypeError):
            continue
        found[one.digest] = one
    return {digest: one for digest, one in found.items() if one.is_trusted is True}


def _canonical(card: Mapping[str, Any]) -> bytes:
    """The same bytes for the same content, whatever order its fields were written in."""
    signed = {name: value for name, value in card.items() if name != SIGNATURE}
    return json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _code(key: bytes, card: Mapping[str, Any]) -> str:
    return hmac.new(key, _canonical(card), sha256).hexdigest()


def _name_of(key: bytes) -> str:
    """What a signature says about its key without giving it away."""
    return sha256(b"labeler signing key " + key).hexdigest()[:N_KEY_ID_DIGITS]


def _key() -> bytes | None:
    """Key of this installation; None where it has not made one yet."""
    file = config_folder() / KEY_FILE
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as cause:
        raise _refused(file, cause) from cause
    if len(key) != N_KEY_BYTES:
        raise _refused(file, ValueError(f"{len(key)} bytes where {N_KEY_BYTES} belong"))
    return key


def _new_key() -> bytes:
    """Make the key, readable by its owner alone; of two processes at once one makes it for both."""
    folder, key = _private_folder(), secrets.token_bytes(N_KEY_BYTES)
    draft = folder / f".{KEY_FILE}.{secrets.token_hex(6)}"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(key.hex() + "\n")
        with suppress(FileExistsError):  # another process was first: its key is the key
            os.link(draft, folder / KEY_FILE)  # whole or not at all
        draft.unlink()
    except OSError as cause:
        raise _refused(folder / KEY_FILE, cause) from cause
    made = _key()
    return key if made is None else made


def _private_folder() -> Path:
    folder = config_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        raise _refused(folder, cause) from cause
    return folder


def _refused(path: Path, cause: Exception) -> SigningError:
    got = getattr(cause, "strerror", None) or cause
    return SigningError(
        f"{path}: expected this installation's own file to sign models with, got: {got}.",
        hint="Make it readable and writable for you. A broken key file can be deleted: a new key "
        f"is made, and models are trusted anew. {CONFIG_VARIABLE} names another folder.",
    )

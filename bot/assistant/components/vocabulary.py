"""What an office abbreviates, spelled out, and English by the Vietnamese word for it: all folded. Pure: no Rasa."""

from collections.abc import Sequence
from pathlib import Path

from bot.vntime.text import Token


def _table(name: str) -> dict[str, str]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    meanings = (line.split(": ") for line in lines if not line.startswith("#"))
    return {short: meant for meant, shorts in meanings for short in shorts.split()}


LONG = _table("abbreviations.txt")
ENGLISH = _table("english.txt")


def spelled(found: Sequence[Token]) -> list[str]:
    """One text for each token: folded and, where it is an abbreviation, in full."""
    return [_one(found, at) for at in range(len(found))]


def meant(found: Sequence[Token]) -> list[str]:
    """As `spelled`, and English words by the Vietnamese ones."""
    return [ENGLISH.get(word, word) for word in spelled(found)]


def _one(found: Sequence[Token], at: int) -> str:
    token = found[at]
    before = found[at - 1] if at else None
    after_number = before is not None and before.number
    if token.fold in ("p", "ph"):
        return "phut" if after_number else "phong"
    if token.fold == "h":
        return "gio"
    if token.fold == "dung" and "w" in token.marks:  # "đừng", and not "đúng"
        return "khong"
    if token.fold == "dc" and _site_follows(found, at):
        return "diem cau"
    if (token.glued and after_number) or (at + 1 < len(found) and found[at + 1].glued and found[at + 1].number):
        return token.fold  # "A1", "3a": a name
    return LONG.get(token.fold, token.fold)


def _site_follows(found: Sequence[Token], at: int) -> bool:
    """ĐC before a name, and after "mấy", "các", is a site; else it is "được" (a comrade is "đ/c")."""
    before = found[at - 1].fold if at else ""
    after = found[at + 1] if at + 1 < len(found) else None
    return before in ("may", "cac", "nhung", "bn", "nhieu", "con", "du") or bool(after and after.capital)

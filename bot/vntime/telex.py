"""Undoes Telex and VNI keys that reached us raw: "phongf hopj", "pho2ng ho5p"."""

import re
from collections.abc import Iterator
from functools import lru_cache


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ONSETS = words("b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x") | {""}
RIMES = words(
    "a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et ech enh eu i ia ich iec iem ien ieng iep iet ieu "
    "im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oe oen oeo oet oc oi om on ong op ot u ua "
    "uan uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh "
    "uyt uyu y yem yen yet yeu"
)
SYLLABLES = frozenset(onset + rime for onset in ONSETS for rime in RIMES)

# English words that look like a Vietnamese syllable with Telex keys in it.
ENGLISH = words(
    "of if as is us his has was this thus does less or her here there where are more before sure share next text "
    "fix six box tax max mix fax see need free meet keep been seen room rooms good too food noon soon book took "
    "list just last test cost host post best most must past fast rest part port chart start short chair chairs term "
    "days ways now how show low new news view know we slow down town feed fee tee data pass class task boss sir car "
    "cars far for order other over after our your hour hours bus plus yes oops ones lens tens mins tels docs laos "
    "ax ex ok off staff add odd address tea teas two tow raw law draw saw few dew pew stew mow row sow bow vow cow "
    "owe own per super user users tour tours cast dust sort sport arts apart heart hear near year years dear clear "
    "there's which when use its loop tree root these left way sets what were those pair power whose wrap runs hex "
    "reset won gets bits rows wrong goes deep cert soft keeps dots choose why who lower lose lost lets meets seems "
    "says lots trust pure sense core turn wait water want with without work web win taxi twin usa wifi write wall "
    "war warm wash watch wear well went will world worse worst worth would wish wine wide wife goose moon cool pool "
    "tool school door floor foot wood mood roof proof poor gas hers theirs maps doors desks lists costs hosts tests "
    "guests posts hits kits pets nets nuts cuts buts puts hats cats rats mats tips taps tops hops lips chips ships "
    "shops doesn renew"
)
TONES = "sfrxj"
VNI = {"1": "s", "2": "f", "3": "r", "4": "x", "5": "j", "6": "^", "7": "w", "8": "w", "9": "d"}
REAL_TELEX = re.compile(r"[sfrxjw]|aa|ee|oo|dd|([aeo])[a-z]+\1")


@lru_cache(maxsize=4096)
def telex(keys: str) -> tuple[str, str] | None:
    """(syllable, marks) behind raw Telex keys; None when they already are a word."""
    if len(keys) < 2 or not keys.isalpha() or keys in SYLLABLES or keys in ENGLISH or not REAL_TELEX.search(keys):
        return None
    for rest, tone in _without_tone(keys):
        found = _without_signs(rest)
        if found:
            return found[0], "".join(sorted(set(found[1] + tone)))
    return None


def _without_tone(keys: str) -> Iterator[tuple[str, str]]:
    yield keys, ""
    for at in range(len(keys) - 1, 0, -1):
        if keys[at] in TONES and any(vowel in keys[:at] for vowel in "aeiouyw"):
            yield keys[:at] + keys[at + 1 :], keys[at]


def _without_signs(keys: str) -> tuple[str, str] | None:
    marks = ""
    if keys.startswith("dd"):
        keys, marks = keys[1:], "d"
    shorter = re.sub(r"([aeo])\1", r"\1", keys)
    if shorter != keys:
        keys, marks = shorter, marks + "^"
    if "w" in keys:
        marks += "w"
        in_place = re.sub(r"(?<![aou])w", "u", keys).replace("w", "")
        keys = in_place if in_place in SYLLABLES else keys.replace("w", "")
    if keys in SYLLABLES:
        return keys, marks
    if keys[-1:] in ("a", "e", "o") and keys[-1] in keys[:-1] and keys[:-1] in SYLLABLES:  # typed late: "tuana"
        return keys[:-1], marks + "^"
    return None


@lru_cache(maxsize=4096)
def vni(keys: str, sure: bool = False) -> tuple[str, str] | None:
    """(syllable, marks) behind raw VNI keys. "tang5" may be a floor and "thu5" a day: a single digit at the end counts
    only where another word of the text is surely VNI (`sure`)."""
    found = re.fullmatch(r"[a-z]+[1-9][a-z1-9]*", keys)
    word = re.sub(r"\d", "", keys)
    digits = re.sub(r"\D", "", keys)
    if not found or word not in SYLLABLES or not _spelled(digits):
        return None
    inside = re.search(r"\d[a-z]", keys) and (len(word) > 2 or "9" in digits)
    both = re.search(r"[678][1-5]$", keys)
    if inside or both or (sure and len(word) > 1 and word != "thu"):
        return word, "".join(sorted({VNI[digit] for digit in digits}))
    return None


def _spelled(digits: str) -> bool:
    tones = [digit for digit in digits if digit in "12345"]
    signs = [digit for digit in digits if digit in "6789"]
    return len(tones) <= 1 and len(signs) <= 3

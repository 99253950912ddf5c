"""Which intent a text has: TF-IDF of words and letters, and a linear model. Pure: no Rasa."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.assistant.components.hints import Hints
from bot.assistant.components.vocabulary import meant

WORD = r"\S+"
Names = Sequence[tuple[int, int, str]]


def words(hints: Hints, names: Names) -> str:
    """The text for the classifier: folded, spelled out, with a sign where a time, a code, a number or a name stands."""
    out: list[str] = []
    full = meant(hints.tokens)
    for at, token in enumerate(hints.tokens):
        sign = _sign(hints, names, at)
        if sign:
            if not out or out[-1] != sign:
                out.append(sign)
        elif token.letters:
            out.append(full[at])
        elif token.fold == "?":
            out.append("?")
    return " ".join(out)


def _sign(hints: Hints, names: Names, at: int) -> str:
    token = hints.tokens[at]
    name = next((entity for start, end, entity in names if start <= token.start < end), "")
    label = name or hints.labels[at] or ("number" if token.number else "")
    return f"_{label}_" if label else ""


def document(hints: Hints, names: Names) -> str:
    """With and without the signs (a name that was not recognised still speaks by its letters), and the concepts."""
    masked = words(hints, names)
    return f"^ {masked} $ | {words(hints, ())} | {' '.join(concepts(masked))}"


def concepts(said: str) -> list[str]:
    padded = f" {said} "
    return [f"@{concept}" for concept, phrases in CONCEPTS.items() if any(phrase in padded for phrase in phrases)]


def _table() -> dict[str, list[str]]:
    lines = Path(__file__).with_name("concepts.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ") for line in lines if not line.startswith("#"))
    return {concept: [f" {phrase} " for phrase in phrases.split(", ")] for concept, phrases in pairs}


CONCEPTS = _table()


def _vectorizers(vocabularies: Sequence[Sequence[str]] | None = None) -> list[TfidfVectorizer]:
    """Of words, and of letters within words; with a stored vocabulary nothing is left to learn but the weights."""
    of_words, of_letters = [None, None] if vocabularies is None else [list(one) for one in vocabularies]
    words_of = TfidfVectorizer(
        token_pattern=WORD, ngram_range=(1, 3), sublinear_tf=True, max_features=20000, vocabulary=of_words
    )
    letters_of = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, max_features=30000, vocabulary=of_letters
    )
    return [words_of, letters_of]


@dataclass(frozen=True)
class IntentModel:
    """Kept as plain numbers and texts, so that loading it runs no code."""

    vectorizers: list[TfidfVectorizer]
    intents: list[str]
    weights: np.ndarray  # features × intents
    offsets: np.ndarray

    def ranked(self, said: str) -> list[tuple[str, float]]:
        """Intents with their probability, the likeliest first."""
        features = hstack([vectorizer.transform([said]) for vectorizer in self.vectorizers], format="csr")
        scores = np.asarray(features @ self.weights)[0] + self.offsets
        chances = np.exp(scores - scores.max())
        return sorted(zip(self.intents, (chances / chances.sum()).tolist(), strict=True), key=lambda pair: -pair[1])

    def save(self, folder: Path) -> None:
        vocabularies = [one.get_feature_names_out().tolist() for one in self.vectorizers]
        texts = {"intents": self.intents, "vocabularies": vocabularies}
        (folder / "intents.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        idf = {f"idf{at}": one.idf_ for at, one in enumerate(self.vectorizers)}
        np.savez(folder / "intents.npz", weights=self.weights, offsets=self.offsets, **idf)


def fit(documents: Sequence[str], intents: Sequence[str]) -> IntentModel:
    """The same examples give the same numbers."""
    vectorizers = _vectorizers()
    features = hstack([vectorizer.fit_transform(documents) for vectorizer in vectorizers], format="csr")
    linear = LogisticRegression(C=12, max_iter=400, class_weight="balanced", random_state=0).fit(features, intents)
    weights = np.ascontiguousarray(linear.coef_.T.astype(np.float32))
    return IntentModel(vectorizers, linear.classes_.tolist(), weights, linear.intercept_)


def load(folder: Path) -> IntentModel:
    texts = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
    numbers = np.load(folder / "intents.npz", allow_pickle=False)
    vectorizers = _vectorizers(texts["vocabularies"])
    for at, vectorizer in enumerate(vectorizers):
        vectorizer.idf_ = numbers[f"idf{at}"]
    return IntentModel(vectorizers, texts["intents"], numbers["weights"], numbers["offsets"])

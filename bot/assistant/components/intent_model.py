"""Which intent a text has: TF-IDF of words and letters, and a linear model. Pure: no Rasa."""

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from bot.assistant.components.hints import Hints
from bot.assistant.components.vocabulary import spelled

TRUSTED = ["scipy.sparse._csr.csr_matrix"]  # what a stored model holds besides skops' own list; nothing else is loaded
WORD = r"\S+"
Names = Sequence[tuple[int, int, str]]


def words(hints: Hints, names: Names) -> str:
    """The text for the classifier: folded, spelled out, with a sign where a time, a code, a number or a name stands."""
    out: list[str] = []
    full = spelled(hints.tokens)
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
    """With and without the signs: a name that was not recognised still speaks by its letters."""
    return f"^ {words(hints, names)} $ | {words(hints, ())}"


def model() -> Pipeline:
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(token_pattern=WORD, ngram_range=(1, 3), sublinear_tf=True, max_features=20000)),
            (
                "letters",
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, max_features=30000
                ),
            ),
        ]
    )
    linear = LogisticRegression(C=12, max_iter=400, class_weight="balanced", random_state=0)
    return Pipeline([("features", features), ("linear", linear)])


def fit(documents: Sequence[str], intents: Sequence[str]) -> Pipeline:
    fitted = model().fit(documents, intents)
    for _, vectorizer in fitted["features"].transformer_list:
        vectorizer.stop_words_ = None  # the features left out; only of use to look at, and large
    return fitted


def ranked(fitted: Pipeline, said: str) -> list[tuple[str, float]]:
    chances = fitted.predict_proba([said])[0]
    return sorted(zip(fitted.classes_.tolist(), chances.tolist(), strict=True), key=lambda pair: -pair[1])

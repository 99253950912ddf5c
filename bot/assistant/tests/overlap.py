"""What training and held-out utterances share: prints each phrasing that both have, names left out.

`--count` prints how many phrasings each intent has; `--telex` English words that are taken for Telex keys.
"""

import json
import sys
from collections import Counter
from typing import Dict, List

from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.components.augment import Example, english
from bot.assistant.components.hints import Lexicon, read
from bot.assistant.components.intent_model import words
from bot.assistant.components.understanding import KINDS, TRAINED_AT
from bot.assistant.tests.labelled import held_out
from bot.vntime.telex import telex

DATA = "bot/assistant/data/nlu"
UNNAMED = ("time", "duration", "booking_code")
ALIKE = ("inform", "greet", "goodbye", "thank", "affirm", "deny")  # there are only so many ways to say yes


def _data() -> TrainingData:
    return load_data(DATA)


def examples() -> List[Example]:
    found = [
        Example(
            one.get("text"),
            one.get("intent"),
            tuple((entity["start"], entity["end"], entity["entity"]) for entity in one.get("entities", [])),
        )
        for one in _data().intent_examples
    ]
    return sorted(found, key=lambda example: (example.intent, example.text))


def lists() -> Dict[str, List[str]]:
    return {table["name"]: list(table["elements"]) for table in _data().lookup_tables}


def phrasings() -> Dict[str, str]:
    """Each phrasing of the training, names and times as signs, with its intent."""
    lexicon = Lexicon.of({kind: lists()[kind] for kind in KINDS})
    return {
        words(read(one.text, TRAINED_AT, lexicon), [s for s in one.spans if s[2] not in UNNAMED]): one.intent
        for one in examples()
    }


def shared() -> List[str]:
    lexicon = Lexicon.of({kind: lists()[kind] for kind in KINDS})
    known = phrasings()
    out = []
    for one in held_out()["utterances"]:
        names = [(e["start"], e["end"], e["entity"]) for e in one["entities"] if e["entity"] not in UNNAMED]
        said = words(read(one["text"], TRAINED_AT, lexicon), names)
        if said in known and one["intent"] not in ALIKE:
            out.append(one["text"])
    return out


def mistaken() -> List[str]:
    texts = [one.text for one in examples() if english(one.text)]
    spelled = {word.strip(".,?!'").lower() for text in texts for word in text.replace("'", " ").split()}
    return sorted(word for word in spelled if word.isalpha() and telex(word))


def main() -> None:
    if "--count" in sys.argv:
        sys.stdout.write(json.dumps(Counter(phrasings().values())) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in (mistaken() if "--telex" in sys.argv else shared()))


if __name__ == "__main__":
    main()

"""Trains the weights that tell which noun phrases are decided about, from tagged documents.

    python benchmarks/words/train_tagger.py [--data FOLDER] [--out phrases.json]

Reads ``ner_train.txt`` and ``ner_dev.txt`` (word and tag per line, ``B-VAR``/``I-VAR`` on what is decided about),
trains an averaged perceptron over noun phrases, and says how well it does on documents left out.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from solvitur_words.entities import line_of, with_numbered_names
from solvitur_words.likeness import counts_of, features_of
from solvitur_words.reading import sentences_of
from solvitur_words.tokens import Numerals, normalised, tokens_of

ROOT = Path(__file__).resolve().parents[2]
Example = tuple[list[str], bool]
ROUNDS, LEAST, SEED = 12, 3, 7
_TIGHT = frozenset([".", ",", "%", ")", "?", ":", ";", "'s"])


def documents(path: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yields each document as text with the places of its tagged phrases."""
    text, spans, open_span = "", [], False
    for line in path.read_text("utf-8").splitlines():
        parts = line.split()
        if not parts:
            continue
        if parts[0] == "-DOCSTART-":
            if text:
                yield text, spans
            text, spans, open_span = "", [], False
            continue
        word, tag = parts[0], parts[-1]
        text += "" if not text or word in _TIGHT or text[-1] in "$(" else " "
        start = len(text)
        text += word
        if tag == "B-VAR":
            spans.append((start, len(text)))
        elif tag == "I-VAR" and open_span:
            spans[-1] = (spans[-1][0], len(text))
        open_span = tag.endswith("-VAR")
    if text:
        yield text, spans


def examples(text: str, spans: Sequence[tuple[int, int]]) -> list[Example]:
    """Makes an example of each noun phrase: its features, and whether it is tagged."""
    plain = normalised(text)
    sentences = [Numerals(tokens_of(plain, each.start, each.end)).read() for each in sentences_of(plain)]
    lines = [line_of(tokens) for tokens in with_numbered_names(sentences)]
    counts = counts_of(lines)
    found = []
    for place, line in enumerate(lines):
        for phrase in line.phrases:
            start, end = line.tokens[phrase.start].start, line.tokens[phrase.end - 1].end
            tagged = any(start < high and low < end for low, high in spans)
            found.append((features_of(line, phrase, place, counts), tagged))
    return found


def train(data: Sequence[Example]) -> dict[str, float]:
    """Trains an averaged perceptron."""
    often = Counter(feature for features, _ in data for feature in features)
    now: Counter[str] = Counter()
    total: dict[str, float] = {}
    stamp: dict[str, int] = {}
    clock = 0
    order = list(data)
    rng = random.Random(SEED)
    for _ in range(ROUNDS):
        rng.shuffle(order)
        for features, tagged in order:
            clock += 1
            kept = [feature for feature in features if often[feature] >= LEAST]
            if (sum(now[feature] for feature in kept) > 0) != tagged:
                for feature in kept:
                    total[feature] = total.get(feature, 0.0) + (clock - stamp.get(feature, 0)) * now[feature]
                    stamp[feature] = clock
                    now[feature] += 1 if tagged else -1
    result = {}
    for feature, value in now.items():
        mean = (total.get(feature, 0.0) + (clock - stamp.get(feature, 0)) * value) / clock
        if abs(mean) > 0.05:
            result[feature] = round(mean, 2)
    return result


def accuracy(known: dict[str, float], data: Sequence[Example]) -> tuple[float, float, float]:
    """Returns the share of phrases told rightly, precision and recall of the tagged ones."""
    told = [(sum(known.get(feature, 0.0) for feature in features) > 0, tagged) for features, tagged in data]
    hits = sum(guess and tagged for guess, tagged in told)
    guessed, all_tagged = sum(guess for guess, _ in told), sum(tagged for _, tagged in told)
    right = sum(guess == tagged for guess, tagged in told)
    return right / len(told), hits / max(guessed, 1), hits / max(all_tagged, 1)


def main() -> int:
    """Trains, reports on the documents left out, and writes the weights of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "nl4opt_annotated")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "resources" / "solvitur_resources" / "words" / "phrases.json"
    )
    args = parser.parse_args()
    train_set = [each for text, spans in documents(args.data / "ner_train.txt") for each in examples(text, spans)]
    left_out = [each for text, spans in documents(args.data / "ner_dev.txt") for each in examples(text, spans)]
    known = train(train_set)
    print("left out: right {:.3f}, precision {:.3f}, recall {:.3f}".format(*accuracy(known, left_out)))
    known = train([*train_set, *left_out])
    args.out.write_text(json.dumps(dict(sorted(known.items())), ensure_ascii=False, indent=0) + "\n", "utf-8")
    print(f"{len(known)} weights, {args.out.stat().st_size / 1000:.0f} kB: {args.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Times scikit-learn and fastText on the sections of Debian's packages, from raw text to a model, and prints their times over ours.

usage: compare_text.py FOLDER
FOLDER holds train.tsv and test.tsv of `bench sections` and figures.json of `bench text --json`.
"""
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

RUNS = 3
BARS = {"scikit-learn": 3, "fastText": 5}
MOST_SECONDS, MOST_BYTES = 12, 2 << 30


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    return [row[2] for row in rows], [row[0] for row in rows]


def scikit_learn(train, labels, test, test_labels):
    def fit():
        vectorizer = CountVectorizer(token_pattern=r"\S+", lowercase=False)
        return vectorizer, MultinomialNB().fit(vectorizer.fit_transform(train), labels)

    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        vectorizer, model = fit()
        seconds.append(time.perf_counter() - start)
    log = model.predict_log_proba(vectorizer.transform(test))
    classes = {label: c for c, label in enumerate(model.classes_)}
    true = np.array([classes[label] for label in test_labels])
    return statistics.median(seconds), float((log.argmax(1) == true).mean()), float(-log[np.arange(len(true)), true].mean())


def fast_text(folder, train, labels, test, test_labels):
    for name, texts, names in (("train", train, labels), ("test", test, test_labels)):
        with open(os.path.join(folder, name + ".ft"), "w", encoding="utf-8") as file:
            file.writelines(f"__label__{label} {text}\n" for text, label in zip(texts, names))
    command = ["fasttext", "supervised", "-input", os.path.join(folder, "train.ft"), "-output", os.path.join(folder, "ft"),
               "-epoch", "5", "-thread", "1", "-verbose", "0"]
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - start)
    output = subprocess.run(["fasttext", "test", os.path.join(folder, "ft.bin"), os.path.join(folder, "test.ft")],
                            check=True, capture_output=True, text=True).stdout
    precision = next(line.split()[1] for line in output.splitlines() if line.startswith("P@1"))
    return statistics.median(seconds), float(precision)


def main(folder):
    with open(os.path.join(folder, "figures.json"), encoding="utf-8") as file:
        ours = json.load(file)
    train, labels = read(os.path.join(folder, "train.tsv"))
    test, test_labels = read(os.path.join(folder, "test.tsv"))
    words, groups = ours["words"], ours["groups"]
    print(f"{len(train)} rows to train, {len(test)} to test, hash {ours['hash']}; one core each, medians")
    print(f"{'words, explicit solution':40} {words['seconds']:8.3f} s  accuracy {words['accuracy']:.4f}  cross-entropy {words['crossEntropy']:.4f}")
    seconds, accuracy, loss = scikit_learn(train, labels, test, test_labels)
    met = {"scikit-learn": seconds / words["seconds"] >= BARS["scikit-learn"]}
    print(f"{'scikit-learn CountVectorizer, MultinomialNB':40} {seconds:5.3f} s  accuracy {accuracy:.4f}  cross-entropy {loss:.4f}  "
          f"{seconds / words['seconds']:.1f} times ours (bar {BARS['scikit-learn']})")
    seconds, accuracy = fast_text(folder, train, labels, test, test_labels)
    met["fastText"] = seconds / words["seconds"] >= BARS["fastText"]
    print(f"{'fastText, 5 epochs':40} {seconds:8.3f} s  accuracy {accuracy:.4f}  {seconds / words['seconds']:.1f} times ours (bar {BARS['fastText']})")
    met["groups"] = groups["seconds"] < MOST_SECONDS and groups["peakBytes"] < MOST_BYTES
    print(f"{'four groups, one scaling pass':40} {groups['seconds']:8.2f} s  accuracy {groups['accuracy']:.4f}  cross-entropy {groups['crossEntropy']:.4f}  "
          f"peak {groups['peakBytes'] / 2 ** 20:.0f} MiB (bars {MOST_SECONDS} s, {MOST_BYTES >> 20} MiB)")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

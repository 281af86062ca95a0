"""Times scikit-learn's MultinomialNB.fit on 60,000 rows of 784 bytes in memory and prints its time over ours.

usage: compare_scikit_learn.py FIGURES.json [FOLDER]
FIGURES.json is the output of `bench kernels --json`; FOLDER holds the IDX files of Fashion-MNIST.
scikit-learn gets its best case: every dtype is prepared beforehand and the fastest counts.
"""
import gzip
import json
import os
import statistics
import sys
import time

import numpy as np
from sklearn.naive_bayes import MultinomialNB

RUNS = 9
BAR = 40
ROWS, COLUMNS = 60_000, 784


def read(folder, name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def load(folder):
    images = os.path.join(folder, "train-images-idx3-ubyte.gz")
    if os.path.exists(images):
        return (read(folder, "train-images-idx3-ubyte.gz", 16).reshape(ROWS, COLUMNS),
                read(folder, "train-labels-idx1-ubyte.gz", 8))
    random = np.random.default_rng(1)
    return random.integers(0, 256, (ROWS, COLUMNS), np.uint8), random.integers(0, 10, ROWS)


def median_seconds(rows, labels):
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        MultinomialNB().fit(rows, labels)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main():
    with open(sys.argv[1]) as file:
        figures = {figure["Name"]: figure["Value"] for figure in json.load(file)}
    ours = figures["dense statistics, 60,000 rows"] / 1e3
    folder = sys.argv[2] if len(sys.argv) > 2 else "/usr/share/datasets/fashion-mnist"
    rows, labels = load(folder)
    best = None
    for dtype in (np.uint8, np.int64, np.float32, np.float64):
        theirs = median_seconds(np.ascontiguousarray(rows, dtype=dtype), labels)
        print(f"MultinomialNB.fit, {np.dtype(dtype).name:8} {theirs * 1e3:9.1f} ms   {theirs / ours:7.1f} times ours")
        best = theirs if best is None else min(best, theirs)
    print(f"dense statistics           {ours * 1e3:9.1f} ms")
    ratio = best / ours
    print(f"scikit-learn's best over ours: {ratio:.1f}   bar {BAR}: {'met' if ratio >= BAR else 'MISSED'}")
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

"""Times an SGD epoch of PyTorch on 60,000 rows of 784 pixels in memory and prints its time over ours.

usage: compare_pytorch.py OUR_SECONDS [FOLDER]
FOLDER holds the IDX files of Fashion-MNIST. PyTorch gets its best case: float32 in memory, rows taken from a permuted copy by slices (the
copy is in the epoch) or picked by index, whichever is faster; no DataLoader; the least of several epochs after one to warm up.
"""
import gzip
import os
import sys
import time

import numpy as np
import torch

EPOCHS = 5
BAR = 8
ROWS, COLUMNS, CLASSES, BATCH = 60_000, 784, 10, 128


def read(folder, name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def load(folder):
    if os.path.exists(os.path.join(folder, "train-images-idx3-ubyte.gz")):
        return (read(folder, "train-images-idx3-ubyte.gz", 16).reshape(ROWS, COLUMNS),
                read(folder, "train-labels-idx1-ubyte.gz", 8))
    random = np.random.default_rng(1)
    return random.integers(0, 256, (ROWS, COLUMNS), np.uint8), random.integers(0, CLASSES, ROWS)


def batches(rows, labels, copied):
    order = torch.randperm(ROWS)
    if copied:
        rows, labels = rows[order], labels[order]
        for first in range(0, ROWS, BATCH):
            yield rows[first:first + BATCH], labels[first:first + BATCH]
    else:
        for first in range(0, ROWS, BATCH):
            picked = order[first:first + BATCH]
            yield rows[picked], labels[picked]


def least_seconds(rows, labels, copied):
    layer = torch.nn.Linear(COLUMNS, CLASSES)
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.01, momentum=0.9)
    seconds = []
    for _ in range(1 + EPOCHS):
        start = time.perf_counter()
        for x, y in batches(rows, labels, copied):
            optimizer.zero_grad()
            criterion(layer(x), y).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    return min(seconds[1:])


def main():
    torch.set_num_threads(1)
    ours = float(sys.argv[1])
    pixels, classes = load(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/datasets/fashion-mnist")
    rows = torch.tensor(pixels.astype(np.float32) / 255)
    labels = torch.tensor(classes.astype(np.int64))
    best = None
    for copied, name in ((True, "slices of a permuted copy"), (False, "picked by index")):
        theirs = least_seconds(rows, labels, copied)
        print(f"PyTorch {torch.__version__}, {name:26} {theirs * 1e3:8.1f} ms an epoch")
        best = theirs if best is None else min(best, theirs)
    print(f"ours {'':37} {ours * 1e3:8.1f} ms an epoch")
    ratio = best / ours
    print(f"PyTorch's best over ours: {ratio:.1f}   bar {BAR}: {'met' if ratio >= BAR else 'MISSED'}")
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

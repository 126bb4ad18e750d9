"""Compares a rebuilt embedder with the committed one and its golden vectors.

golden.json holds texts with the token ids and the vector that each must give.
int8 kernels round differently from machine to machine, so vectors are compared
by cosine and not bit by bit; token ids must be equal. How near the two files
are to each other is told as well, and asked for with --exact.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from tokenizers import Tokenizer

DEFAULT_COMMITTED = Path(__file__).resolve().parents[2] / "models/multilingual-e5-small-int8"
DEFAULT_MIN_COSINE = 0.98
SHOWN_TEXT = 44
"""Characters of a golden text shown in the table."""

PAD_ID = 1


class InputError(Exception):
    """A file to compare is missing or unreadable."""


class Embedder:
    """The model and tokenizer of one folder."""

    def __init__(self, folder: Path):
        for name in ("model.onnx", "model.onnx.data", "tokenizer.json"):
            if not (folder / name).is_file():
                raise InputError(f"{folder / name} is missing")
        options = onnxruntime.SessionOptions()
        # One thread: the sums are then made in the same order in every run.
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids

    def embed(self, batch: list[list[int]]) -> np.ndarray:
        """Vectors of several token lists, padded to the longest and run at once."""
        input_ids = np.full((len(batch), max(map(len, batch))), PAD_ID, np.int64)
        attention_mask = np.zeros_like(input_ids)
        for row, ids in enumerate(batch):
            input_ids[row, : len(ids)] = ids
            attention_mask[row, : len(ids)] = 1
        feeds = {"input_ids": input_ids, "attention_mask": attention_mask}
        return self.session.run(["embedding"], feeds)[0]


def cosine(left: np.ndarray, right: np.ndarray) -> float:
    left, right = np.asarray(left, np.float64), np.asarray(right, np.float64)
    return float(left @ right / (np.linalg.norm(left) * np.linalg.norm(right)))


def read_golden(path: Path) -> list[dict]:
    try:
        cases = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error}") from None
    if not cases:
        raise InputError(f"{path} holds no texts")
    return cases


def compare_vectors(
    built: Embedder, committed: Embedder, golden: list[dict], min_cosine: float
) -> list[str]:
    """Prints one line per golden text; returns what failed."""
    failures = []
    print("ids    built~golden  committed~golden  built~committed  text")
    for case in golden:
        text, wanted_ids = case["text"], case["ids"]
        same_ids = built.ids(text) == wanted_ids and committed.ids(text) == wanted_ids
        vector = built.embed([wanted_ids])[0]
        reference = committed.embed([wanted_ids])[0]
        figures = (
            cosine(vector, case["vector"]),
            cosine(reference, case["vector"]),
            cosine(vector, reference),
        )
        shown = text[:SHOWN_TEXT]
        print(
            f"{'equal' if same_ids else 'DIFF':5}  {figures[0]:12.6f}"
            f"  {figures[1]:16.6f}  {figures[2]:15.6f}  {shown}"
        )
        if not same_ids:
            failures.append(f"token ids differ: {shown}")
        # Written so that a vector of NaN fails too.
        if not min(figures) >= min_cosine:
            failures.append(f"cosine {min(figures):.6f} < {min_cosine}: {shown}")
    return failures


def compare_padded(built: Embedder, golden: list[dict], min_cosine: float) -> list[str]:
    """Runs all golden texts as one batch. That shows that padding is masked; the
    figure is below 1 because activations are quantised with one scale for the
    whole batch."""
    vectors = built.embed([case["ids"] for case in golden])
    lowest = min(cosine(vector, case["vector"]) for vector, case in zip(vectors, golden))
    print(f"all texts in one padded batch: lowest cosine {lowest:.6f}")
    return [] if lowest >= min_cosine else [f"padded batch: cosine {lowest:.6f} < {min_cosine}"]


def compare_files(built: Path, committed: Path) -> list[str]:
    """Prints how near the files are; returns the differences."""
    differences = []
    for name in ("model.onnx", "model.onnx.data", "tokenizer.json"):
        same = (built / name).read_bytes() == (committed / name).read_bytes()
        print(f"{name}: {'equal byte for byte' if same else 'bytes differ'}")
        if not same:
            differences.append(f"{name}: bytes differ")
    left = onnx.load(built / "model.onnx").graph
    right = onnx.load(committed / "model.onnx").graph

    same_nodes = [node.SerializeToString() for node in left.node] == [
        node.SerializeToString() for node in right.node
    ]
    print(f"nodes: {len(left.node)} and {len(right.node)}, {'equal' if same_nodes else 'not equal'}")

    ours = {tensor.name: tensor.SerializeToString() for tensor in left.initializer}
    theirs = {tensor.name: tensor.SerializeToString() for tensor in right.initializer}
    unequal = sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))
    print(f"initialisers: {len(theirs) - len(set(unequal) & set(theirs))} of {len(theirs)} equal")
    for name in unequal:
        print(f"  differs: {name}")
    return differences


def unit_interval(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must lie between 0 and 1")
    return value


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Compare a rebuilt embedder with the committed one and its golden vectors.",
        epilog="Exit status: 0 all equal enough, 1 a comparison failed, 2 files missing or bad.",
    )
    parser.add_argument(
        "--built", type=Path, required=True, help="folder that build_e5.py wrote"
    )
    parser.add_argument(
        "--committed",
        type=Path,
        default=DEFAULT_COMMITTED,
        help="folder of the committed model, with golden.json (default: the repository's)",
    )
    parser.add_argument(
        "--min-cosine",
        type=unit_interval,
        default=DEFAULT_MIN_COSINE,
        help="lowest cosine that passes (default: %(default)s)",
    )
    parser.add_argument(
        "--exact", action="store_true", help="fail also where the files differ by a byte"
    )
    arguments = parser.parse_args()
    try:
        golden = read_golden(arguments.committed / "golden.json")
        built, committed = Embedder(arguments.built), Embedder(arguments.committed)
    # The libraries raise Exception itself for files that they cannot read.
    except Exception as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    failures = compare_vectors(built, committed, golden, arguments.min_cosine)
    failures += compare_padded(built, golden, arguments.min_cosine)
    differences = compare_files(arguments.built, arguments.committed)
    if arguments.exact:
        failures += differences
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    print(f"{len(golden)} texts compared, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

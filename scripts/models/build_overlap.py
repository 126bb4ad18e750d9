"""Makes test/reranking/model.onnx: a cross-encoder for tests that counts.

Its value for a question and a passage is the number of pairs of equal tokens,
one of the question and one of the passage. That is a real graph with the
inputs and the output of a real cross-encoder, and what it must answer is known.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 21
IR_VERSION = 10
TARGET = Path(__file__).parent.parent.parent / "test" / "reranking" / "model.onnx"


def build() -> onnx.ModelProto:
    def node(op: str, inputs: list[str], output: str, **attributes: int) -> onnx.NodeProto:
        return helper.make_node(op, inputs, [output], **attributes)

    def constant(name: str, values: list[int]) -> onnx.TensorProto:
        return numpy_helper.from_array(np.array(values, dtype=np.int64), name)

    nodes = [
        node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT),
        node("Cast", ["token_type_ids"], "second", to=TensorProto.FLOAT),
        node("Sub", ["mask", "second"], "question"),
        node("Mul", ["mask", "second"], "passage"),
        node("Unsqueeze", ["question", "two"], "question_column"),
        node("Unsqueeze", ["passage", "one"], "passage_row"),
        node("Unsqueeze", ["input_ids", "two"], "id_column"),
        node("Unsqueeze", ["input_ids", "one"], "id_row"),
        node("Equal", ["id_column", "id_row"], "equal"),
        node("Cast", ["equal"], "same", to=TensorProto.FLOAT),
        node("Mul", ["question_column", "passage_row"], "across"),
        node("Mul", ["across", "same"], "shared"),
        node("ReduceSum", ["shared", "rows_and_columns"], "count", keepdims=0),
        node("Unsqueeze", ["count", "one"], "logits"),
    ]
    tokens = ["batch", "sequence"]
    graph = helper.make_graph(
        nodes,
        "overlap",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, tokens)
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1])],
        [constant("one", [1]), constant("two", [2]), constant("rows_and_columns", [1, 2])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(build(), TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")

"""Small ONNX models of the usual exporters and what onnxruntime in Python says for their inputs.

python inference.py            writes inference/*.onnx and inference.json beside this file.
Models: skl2onnx with its default ZipMap (text labels; one matrix as input), skl2onnx with one input a column (numbers with
NaN, texts), LightGBM by onnxmltools (ZipMap, whole-number labels), a regression in float64, a graph with an int64 input.
"""
import json
import os
from importlib.metadata import version

import lightgbm
import numpy as np
import onnxruntime
import pandas as pd
from onnx import TensorProto, helper
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType as LightGbmFloat
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "inference")
ROWS = 60


def frame():
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"age": rng.integers(18, 80, ROWS).astype(float), "hours": rng.normal(40, 9, ROWS).round(2),
                          "plan": rng.choice(["basic", "plus", "é, \"pro\""], ROWS)})
    table.loc[::7, "hours"] = np.nan
    logit = 0.08 * (table["age"] - 45) + (table["plan"] == "plus")
    table["label"] = np.where(rng.random(ROWS) < 1 / (1 + np.exp(-logit)), "stay", "leave")
    table["third"] = np.select([table["age"] < 35, table["age"] < 55], ["young", "middle"], "old")
    table["price"] = (3 * table["age"] + table["hours"].fillna(0) + rng.normal(0, 5, ROWS)).round(3)
    return table


def matrix(table):
    return table[["age", "hours"]].fillna(40).to_numpy(np.float32)


def models(table):
    x = matrix(table)
    several = LogisticRegression(max_iter=1000).fit(x, table["third"])
    yield "matrix-zipmap", convert_sklearn(several, initial_types=[("float_input", FloatTensorType([None, 2]))])
    columns = ColumnTransformer([("numbers", SimpleImputer(), ["age", "hours"]), ("texts", OneHotEncoder(handle_unknown="ignore"), ["plan"])])
    pipeline = make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(table[["age", "hours", "plan"]], table["label"])
    types = [("age", FloatTensorType([None, 1])), ("hours", FloatTensorType([None, 1])), ("plan", StringTensorType([None, 1]))]
    yield "columns-zipmap", convert_sklearn(pipeline, initial_types=types)
    yield "columns", convert_sklearn(pipeline, initial_types=types, options={"zipmap": False})
    boosted = lightgbm.LGBMClassifier(n_estimators=5, num_leaves=4, min_child_samples=3, random_state=1, n_jobs=1, verbose=-1)
    boosted.fit(x, (table["label"] == "stay").astype(int))
    yield "lightgbm-zipmap", convert_lightgbm(boosted, initial_types=[("input", LightGbmFloat([None, 2]))], target_opset=15)
    ridge = Ridge().fit(table[["age"]].to_numpy(), table["price"])
    yield "ridge-float64", convert_sklearn(ridge, initial_types=[("age", DoubleTensorType([None, 1]))])
    yield "int64", integer_model()


def integer_model():
    """Twice a whole number, as float32."""
    nodes = [helper.make_node("Cast", ["age"], ["number"], to=TensorProto.FLOAT), helper.make_node("Add", ["number", "number"], ["twice"])]
    graph = helper.make_graph(nodes, "twice", [helper.make_tensor_value_info("age", TensorProto.INT64, ["rows", 1])],
                              [helper.make_tensor_value_info("twice", TensorProto.FLOAT, ["rows", 1])])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def feeds(session, table):
    kinds = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(string)": object, "tensor(int64)": np.int64}
    inputs = session.get_inputs()
    if len(inputs) == 1 and inputs[0].shape[1] == 2:
        return {inputs[0].name: matrix(table)}
    return {i.name: table[i.name].to_numpy(kinds[i.type]).reshape(-1, 1) for i in inputs}


def plain(output):
    """A list of maps as the list of their values, sorted as the maps are; numbers as Python's."""
    if isinstance(output, list):
        return [[float(value) for value in row.values()] for row in output]
    return output.tolist()


def main():
    os.makedirs(OUT, exist_ok=True)
    table = frame()
    expected = {}
    for name, model in models(table):
        path = os.path.join(OUT, f"{name}.onnx")
        with open(path, "wb") as out:
            out.write(model.SerializeToString())
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        outputs = session.run(None, feeds(session, table))
        expected[name] = {o.name: plain(value) for o, value in zip(session.get_outputs(), outputs)}
    columns = {name: [None if pd.isna(value) else value for value in table[name].tolist()] for name in table}
    packages = ["onnxruntime", "scikit-learn", "skl2onnx", "lightgbm", "onnxmltools", "onnx", "numpy", "pandas"]
    with open(os.path.join(HERE, "inference.json"), "w") as out:
        json.dump({"versions": {p: version(p) for p in packages}, "columns": columns, "expected": expected}, out, ensure_ascii=False)
        out.write("\n")


if __name__ == "__main__":
    main()

"""Permutation importance for given orders, and what it costs when a feature is missing everywhere.

python importance.py > importance.json    reads inference/*.onnx, which inference.py writes.
sklearn.inspection.permutation_importance draws its own orders, so scikit-learn's metrics are taken of onnxruntime's answers to
rows that are reordered by fixed rules here: order k of row i is (a·i + b) mod rows, a prime to the rows.
"""
import json
import os
from importlib.metadata import version

import numpy as np
import onnxruntime
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

from inference import HERE, ROWS, frame, matrix

ORDERS = [[(7 * i + 3) % ROWS for i in range(ROWS)], [(11 * i + 5) % ROWS for i in range(ROWS)], [(13 * i + 8) % ROWS for i in range(ROWS)]]


def session(name):
    return onnxruntime.InferenceSession(os.path.join(HERE, "inference", f"{name}.onnx"))


def by_columns(model, table):
    kinds = {"age": np.float32, "hours": np.float32, "plan": object}
    feeds = {name: table[name].to_numpy(kind).reshape(-1, 1) for name, kind in kinds.items()}
    return np.asarray(model.run(["probabilities"], feeds)[0])[:, 1]


def by_matrix(model, values):
    answers = model.run(None, {model.get_inputs()[0].name: values})[1]
    return np.array([row[1] for row in answers], np.float32)


def metrics(y, score):
    return {"roc_auc": roc_auc_score(y, score), "log_loss": log_loss(y, score.astype(np.float64)), "accuracy": accuracy_score(y, score > 0.5)}


def drops(before, after):
    """How much worse, averaged over the given answers; log_loss is better when lower."""
    return {name: float(np.mean([(m[name] - before[name]) * (1 if name == "log_loss" else -1) for m in after])) for name in before}


def main():
    table = frame()
    y = (table["label"] == "stay").to_numpy()
    columns = session("columns")
    before = metrics(y, by_columns(columns, table))
    importance, missing = {}, {}
    for name in ["age", "hours", "plan"]:
        shuffled = [table.assign(**{name: table[name].to_numpy()[order]}) for order in ORDERS]
        importance[name] = drops(before, [metrics(y, by_columns(columns, each)) for each in shuffled])
        without = table.assign(**{name: "" if name == "plan" else np.nan})
        missing[name] = drops(before, [metrics(y, by_columns(columns, without))])
    boosted = session("lightgbm-zipmap")
    values = matrix(table)
    in_matrix = metrics(y, by_matrix(boosted, values))
    of_matrix = {}
    for place, name in enumerate(["age", "hours"]):
        after = []
        for order in ORDERS:
            shuffled = values.copy()
            shuffled[:, place] = values[order, place]
            after.append(metrics(y, by_matrix(boosted, shuffled)))
        of_matrix[name] = drops(in_matrix, after)
    versions = {name: version(name) for name in ["onnxruntime", "scikit-learn", "numpy"]}
    result = {"versions": versions, "orders": ORDERS, "columns": {"before": before, "importance": importance, "missing": missing},
              "matrix": {"before": in_matrix, "importance": of_matrix}}
    print(json.dumps(result, default=float))


main()

"""For test/unit/onnx/graph-python.test.ts, which runs it where Python is.

python graphs.py check MODEL.onnx        fails unless onnx.checker takes the model, shapes and types included
python graphs.py zipmap FOLDER           exports classifiers that end in ZipMap, with what onnxruntime says in Python
"""

import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import onnx


def check(path):
    onnx.checker.check_model(onnx.load(path), full_check=True)


def zipmap(folder):
    import lightgbm
    import onnxruntime
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType as LightFloats
    from skl2onnx import to_onnx
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(7)
    x = rng.normal(size=(200, 3)).astype(np.float32)
    numbers = (x[:, 0] + x[:, 1] > 0).astype(np.int64) + (x[:, 2] > 1)
    names = np.array(["low", "middle", "top"])[numbers]
    models = {
        "logistic": to_onnx(LogisticRegression().fit(x, names), x[:1]),
        "forest": to_onnx(RandomForestClassifier(5, random_state=1).fit(x, numbers), x[:1]),
        "hist": to_onnx(HistGradientBoostingClassifier(max_iter=5).fit(x, names), x[:1]),
        "lightgbm": convert_lightgbm(
            lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(x, numbers),
            initial_types=[("X", LightFloats([None, 3]))],
        ),
    }
    expected = {}
    for name, model in models.items():
        path = os.path.join(folder, f"{name}.onnx")
        with open(path, "wb") as out:
            out.write(model.SerializeToString())
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        maps = session.run(None, {session.get_inputs()[0].name: x[:5]})[1]
        expected[name] = {"classes": [str(c) for c in maps[0]], "probabilities": [list(map(float, m.values())) for m in maps]}
    with open(os.path.join(folder, "expected.json"), "w") as out:
        json.dump({"x": x[:5].tolist(), "models": expected}, out)


{"check": check, "zipmap": zipmap}[sys.argv[1]](sys.argv[2])

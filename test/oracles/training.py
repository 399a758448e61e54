"""Optima of scikit-learn for test/unit/training: python test/oracles/training.py [folder of adult.csv and diamonds.csv] > test/oracles/training.json

The small table is written beside the numbers, so the tests need no Python; of the large ones only the results are. The
solvers are run far beyond their default tolerance: what is compared is the optimum, not where a solver stopped.
Needs the packages of test/oracles/requirements.txt.
"""

import json
import os
import sys

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss, root_mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MISSING = "(missing)"
rng = np.random.default_rng(20261121)


def float32_numbers(frame):
    """The learner sees numbers as float32, the type of the graph's inputs."""
    return frame.assign(**{c: frame[c].astype(np.float32).astype(np.float64) for c in numbers_of(frame)})


def numbers_of(frame):
    return [c for c in frame.columns if pd.api.types.is_numeric_dtype(frame[c])]


def pipeline(frame, estimator, **one_hot):
    numbers = numbers_of(frame)
    texts = [c for c in frame.columns if c not in numbers]
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", sparse_output=False, **one_hot)
    columns = ColumnTransformer(
        [("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers), ("texts", encoder, texts)],
        verbose_feature_names_out=False,
    )
    return make_pipeline(columns, estimator)


def logistic(**options):
    return LogisticRegression(solver="newton-cholesky", tol=1e-13, max_iter=1000, **options)


def weights_of(model):
    """Feature, level (None for a number) and weights, one for each class or one."""
    columns, estimator = model[0], model[1]
    coefficients = np.atleast_2d(estimator.coef_).T
    names = [[c, None] for c in columns.transformers_[0][2]]
    encoder = columns.named_transformers_["texts"]
    for index, column in enumerate(columns.transformers_[1][2]):
        levels = list(encoder.categories_[index])
        rare = encoder.infrequent_categories_[index] if encoder.min_frequency else None
        names += [[column, level] for level in levels if rare is None or level not in rare]
        if rare is not None:
            names.append([column, "(unknown)"])
    return [{"feature": f, "level": l, "weights": w.tolist()} for (f, l), w in zip(names, coefficients, strict=True)]


def fitted(frame, target, estimator, weights=None, **one_hot):
    model = pipeline(frame, estimator, **one_hot)
    name = type(estimator).__name__.lower()
    model.fit(frame, target, **{f"{name}__sample_weight": weights})
    return model


def describe(model, **extra):
    return {"intercepts": np.atleast_1d(model[1].intercept_).tolist(), "weights": weights_of(model), **extra}


def small_table(rows=240):
    size = rng.lognormal(3, 1, rows).round(3)
    age = rng.integers(18, 80, rows).astype(float)
    age[rng.random(rows) < 0.1] = np.nan
    town = rng.choice(["Bern", "Genève", "Zürich", "Uri", "Zug"], rows, p=[0.4, 0.3, 0.25, 0.03, 0.02]).astype(object)
    town[rng.random(rows) < 0.08] = None
    team = rng.choice(["a", "b"], rows)
    return pd.DataFrame({"size": size, "age": age, "town": town, "team": team})


def small():
    table = small_table()
    frame = float32_numbers(table.assign(town=table["town"].fillna(MISSING)))
    noise = rng.normal(0, 1, len(table))
    score = np.log(frame["size"]) - 3 + (frame["team"] == "a") + np.nan_to_num(frame["age"], nan=40) / 40 - 1 + noise
    binary = np.where(score > 0.5, "yes", "no")
    classes = np.select([score < 0, score < 1], ["low", "middle"], "top")
    amount = (1000 + 250 * score).round(2).to_numpy()
    weights = rng.choice([0.0, 0.5, 1.0, 3.0], len(table))
    cases = {
        "binary": fitted(frame, binary, logistic(C=1)),
        "binary_strong_penalty": fitted(frame, binary, logistic(C=0.01)),
        "binary_weighted": fitted(frame, binary, logistic(C=1), weights),
        "binary_balanced": fitted(frame, binary, logistic(C=1, class_weight="balanced")),
        "binary_min_frequency": fitted(frame, binary, logistic(C=1), min_frequency=10),
        "multinomial": fitted(frame, classes, logistic(C=1)),
        "multinomial_weighted": fitted(frame, classes, logistic(C=0.5), weights),
        "ridge": fitted(frame, amount, Ridge(alpha=1, solver="cholesky")),
        "ridge_weighted": fitted(frame, amount, Ridge(alpha=10, solver="cholesky"), weights),
    }
    columns = {c: table[c].astype(object).where(table[c].notna(), None).tolist() for c in table.columns}
    targets = {"binary": binary.tolist(), "classes": classes.tolist(), "amount": amount.tolist()}
    return {
        "columns": columns,
        "targets": targets,
        "row_weights": weights.tolist(),
        "cases": {name: describe(model) for name, model in cases.items()},
    }


def large(folder):
    """Row i is a test row where i % 5 == 4, as for the benchmarks."""
    found = {}
    for name, label, estimator in [
        ("adult", "income", logistic(C=1)),
        ("diamonds", "price", Ridge(alpha=1, solver="cholesky")),
        ("diamonds_cut", "cut", logistic(C=1)),
    ]:
        frame = pd.read_csv(os.path.join(folder, f"{name.split('_')[0]}.csv"), keep_default_na=False)
        target = frame.pop(label).to_numpy()
        test = np.arange(len(frame)) % 5 == 4
        frame = float32_numbers(frame)
        model = fitted(frame[~test], target[~test], estimator)
        if label == "price":
            quality = {"rmse": root_mean_squared_error(target[test], model.predict(frame[test]))}
        else:
            quality = {"log_loss": log_loss(target[test], model.predict_proba(frame[test]))}
        found[name] = describe(model, **quality)
    return found


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "../shared/data"
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__}
    json.dump({"versions": versions, "small": small(), "large": large(folder)}, sys.stdout, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()

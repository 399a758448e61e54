"""Expected metrics of scikit-learn and scipy for test/unit/evaluation: python test/oracles/metrics.py > test/oracles/metrics.json

Rows are written beside the numbers, so the tests need no Python. Needs the packages of test/oracles/requirements.txt.
"""

import json
import sys
import warnings

import numpy as np
import scipy
import scipy.stats
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261121)


def binary_metrics(labels, scores, predicted, weights, only=None):
    w = {"sample_weight": weights}
    table = {
        "roc_auc": lambda: m.roc_auc_score(labels, scores, **w),
        "average_precision": lambda: m.average_precision_score(labels, scores, **w),
        "log_loss": lambda: m.log_loss(labels, scores, **w),
        "brier_score": lambda: m.brier_score_loss(labels, scores, **w),
        "accuracy": lambda: m.accuracy_score(labels, predicted, **w),
        "balanced_accuracy": lambda: m.balanced_accuracy_score(labels, predicted, **w),
        "precision": lambda: m.precision_score(labels, predicted, **w),
        "recall": lambda: m.recall_score(labels, predicted, **w),
        "f1": lambda: m.f1_score(labels, predicted, **w),
        "selection_rate": lambda: float(np.average(predicted, weights=weights)),
        "matthews_corrcoef": lambda: m.matthews_corrcoef(labels, predicted, **w),
        "cohen_kappa": lambda: m.cohen_kappa_score(labels, predicted, **w),
        "specificity": lambda: m.recall_score(labels, predicted, pos_label=0, **w),
        "false_positive_rate": lambda: 1 - m.recall_score(labels, predicted, pos_label=0, **w),
        "false_negative_rate": lambda: 1 - m.recall_score(labels, predicted, **w),
    }
    return {name: of() for name, of in table.items() if only is None or name in only}


def multiclass_metrics(labels, probabilities, predicted, weights, numbered=False, only=None):
    w = {"sample_weight": weights}
    every = list(range(probabilities.shape[1]))
    occurs = len(np.unique(labels)) == len(every)
    table = {
        "roc_auc_ovr": lambda: m.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro", **w) if occurs else None,
        "log_loss": lambda: m.log_loss(labels, probabilities, labels=every, **w),
        "brier_score": lambda: m.brier_score_loss(labels, probabilities, labels=every, **w),
        "accuracy": lambda: m.accuracy_score(labels, predicted, **w),
        "balanced_accuracy": lambda: m.balanced_accuracy_score(labels, predicted, **w),
        "precision_macro": lambda: m.precision_score(labels, predicted, average="macro", **w),
        "recall_macro": lambda: m.recall_score(labels, predicted, average="macro", **w),
        "f1_macro": lambda: m.f1_score(labels, predicted, average="macro", **w),
        "precision_weighted": lambda: m.precision_score(labels, predicted, average="weighted", **w),
        "f1_weighted": lambda: m.f1_score(labels, predicted, average="weighted", **w),
        **{
            f"top_{k}_accuracy": lambda k=k: m.top_k_accuracy_score(labels, probabilities, k=k, labels=every, **w) if k < len(every) else None
            for k in (2, 3, 5)
        },
        "matthews_corrcoef": lambda: m.matthews_corrcoef(labels, predicted, **w),
        "cohen_kappa": lambda: m.cohen_kappa_score(labels, predicted, labels=every, **w),
        **{
            f"cohen_kappa_{weights}": lambda weights=weights: m.cohen_kappa_score(labels, predicted, labels=every, weights=weights, **w) if numbered else None
            for weights in ("linear", "quadratic")
        },
    }
    return {name: of() for name, of in table.items() if only is None or name in only}


def regression_metrics(labels, predicted, weights, only=None):
    w = {"sample_weight": weights}
    table = {
        "rmse": lambda: m.root_mean_squared_error(labels, predicted, **w),
        "mae": lambda: m.mean_absolute_error(labels, predicted, **w),
        "r2": lambda: m.r2_score(labels, predicted, **w),
        "median_absolute_error": lambda: m.median_absolute_error(labels, predicted, **w),
        "mean_absolute_percentage_error": lambda: m.mean_absolute_percentage_error(labels, predicted, **w),
        "max_error": lambda: m.max_error(labels, predicted),
        **{f"mean_pinball_loss_{p:02}": lambda p=p: m.mean_pinball_loss(labels, predicted, alpha=p / 100, **w) for p in (5, 10, 25, 75, 90, 95)},
    }
    return {name: of() for name, of in table.items() if only is None or name in only}


def delong(labels, *scores):
    """Covariance matrix of AUCs straight from the definition, every positive against every negative (O(mn))."""
    above, below = [], []
    for each in scores:
        x, y = each[labels == 1], each[labels == 0]
        psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
        above.append(psi.mean(axis=1))
        below.append(psi.mean(axis=0))
    covariance = np.atleast_2d(np.cov(above)) / len(above[0]) + np.atleast_2d(np.cov(below)) / len(below[0])
    return covariance.tolist()


def errors(calculate, weights, names):
    """For each name the root of the sum of squared w * dmetric/dw, by central differences of scikit-learn's own numbers."""
    totals = dict.fromkeys(names, 0.0)
    for row in range(len(weights)):
        step = 1e-4
        up, down = weights.copy(), weights.copy()
        up[row] += step
        down[row] -= step
        above, below = calculate(up, names), calculate(down, names)
        for name in names:
            totals[name] += (weights[row] * (above[name] - below[name]) / (2 * step)) ** 2
    return {name: total**0.5 for name, total in totals.items()}


def binary_case(rows, *, share=0.3, decimals=None, weighted=False, strength=1.5, threshold=0.5, extremes=False):
    labels = (rng.random(rows) < share).astype(int)
    raw = rng.normal(size=rows) + strength * labels - 1
    other = raw + rng.normal(size=rows)
    scores, rival = 1 / (1 + np.exp(-raw)), 1 / (1 + np.exp(-other))
    if decimals is not None:
        scores = scores.round(decimals)
    if extremes:
        scores[:4], scores[4:8] = 0.0, 1.0
    predicted = (scores > threshold).astype(int)
    weights = rng.uniform(0.2, 3, rows).round(3) if weighted else None
    ones = np.ones(rows) if weights is None else weights
    return {
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "rival": rival.tolist(),
        "predicted": predicted.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "metrics": binary_metrics(labels, scores, predicted, weights),
        "jackknife": errors(
            lambda w, only: binary_metrics(labels, scores, predicted, w, only=only),
            ones,
            ["average_precision", "f1", "balanced_accuracy", "precision", "recall", "accuracy", "matthews_corrcoef", "cohen_kappa"]
            + ["specificity", "false_positive_rate", "false_negative_rate"],
        ),
        "delong": delong(labels, scores, rival) if weights is None else None,
    }


def multiclass_case(rows, classes, *, weighted=False, never_predicted=False, never_labelled=False, numbered=False, decimals=None):
    labels = rng.choice(classes - 1 if never_labelled else classes, rows)
    raw = rng.normal(size=(rows, classes)) + 1.2 * np.eye(classes)[labels]
    if never_predicted:
        raw[:, -1] -= 20
    probabilities = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    if decimals is not None:
        rounded = probabilities.round(decimals) + 0.01
        probabilities = rounded / rounded.sum(axis=1, keepdims=True)
    predicted = probabilities.argmax(axis=1)
    weights = rng.uniform(0.2, 3, rows).round(3) if weighted else None
    ones = np.ones(rows) if weights is None else weights
    names = ["precision_macro", "recall_macro", "f1_macro", "balanced_accuracy", "log_loss", "precision_weighted", "f1_weighted"]
    names += ["matthews_corrcoef", "cohen_kappa", "top_2_accuracy"] + (["cohen_kappa_linear", "cohen_kappa_quadratic"] if numbered else [])
    return {
        "classes": [str(10 * index) if numbered else f"class {index}" for index in range(classes)],
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "predicted": predicted.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "metrics": multiclass_metrics(labels, probabilities, predicted, weights, numbered),
        "jackknife": errors(lambda w, only: multiclass_metrics(labels, probabilities, predicted, w, numbered, only=only), ones, names),
    }


def regression_case(rows, *, weighted=False, tails=False):
    labels = rng.normal(50, 10, rows)
    predicted = labels + (rng.standard_t(3, rows) if tails else rng.normal(0, 4, rows))
    weights = rng.uniform(0.2, 3, rows).round(3) if weighted else None
    ones = np.ones(rows) if weights is None else weights
    return {
        "labels": labels.tolist(),
        "predicted": predicted.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "metrics": regression_metrics(labels, predicted, weights),
        "jackknife": errors(lambda w, only: regression_metrics(labels, predicted, w, only=only), ones, ["rmse", "mae", "r2", "mean_absolute_percentage_error", "mean_pinball_loss_10", "mean_pinball_loss_75"]),
    }


def median_bounds(values, alpha):
    """Order statistics whose ranks the binomial distribution gives; null where even the smallest value bounds nothing."""
    ranks = [rank for rank in range(1, len(values) // 2 + 1) if scipy.stats.binom.cdf(rank - 1, len(values), 0.5) <= alpha]
    ordered = np.sort(values)
    return [float(ordered[ranks[-1] - 1]), float(ordered[len(values) - ranks[-1]])] if ranks else None


def wilson(hits, rows, level):
    interval = scipy.stats.binomtest(hits, rows).proportion_ci(confidence_level=level, method="wilson")
    return {"hits": hits, "rows": rows, "level": level, "lower": interval.low, "upper": interval.high}


quantiles = [1e-10, 1e-4, 0.001, 0.025, 0.05, 0.2, 0.5, 0.8, 0.95, 0.975, 0.999]
expected = (
    {
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "binary": {
            "plain": binary_case(150),
            "ties": binary_case(150, decimals=1),
            "weights": binary_case(150, weighted=True),
            "weights and ties": binary_case(150, weighted=True, decimals=1),
            "imbalance": binary_case(400, share=0.03, threshold=0.3),
            "scores of 0 and 1": binary_case(120, extremes=True),
            "nearly separated": binary_case(150, strength=5),
        },
        "multiclass": {
            "three classes": multiclass_case(150, 3),
            "four weighted classes": multiclass_case(150, 4, weighted=True),
            "a class never predicted": multiclass_case(120, 3, never_predicted=True),
            "a class without labels": multiclass_case(120, 4, never_labelled=True),
        },
        "regression": {
            "plain": regression_case(120),
            "weights": regression_case(120, weighted=True),
            "heavy tails": regression_case(120, tails=True),
        },
        "wilson": [wilson(*each) for each in [(0, 10, 0.95), (10, 10, 0.95), (7, 10, 0.9), (81, 263, 0.95), (1, 100000, 0.99)]],
        "normal_quantile": [[p, scipy.stats.norm.ppf(p)] for p in quantiles],
        "student_quantile": [[p, df, scipy.stats.t.ppf(p, df)] for p in quantiles[2:] for df in (1, 2.5, 29, 400)],
        "skewness": [[values, scipy.stats.skew(values)] for values in ([1.0, 2.0, 10.0], rng.exponential(size=12).tolist())],
    }
)
# After the others, so that their rows stay as they were.
expected["multiclass"]["weighted numbers as classes, tied probabilities"] = multiclass_case(150, 6, weighted=True, numbered=True, decimals=1)
expected["median"] = [
    {
        "values": values.tolist(),
        "median": float(np.median(values)),
        "bounds": {str(alpha): median_bounds(values, alpha) for alpha in (0.05, 0.025, 0.0005)},
    }
    for values in (rng.exponential(size=rows).round(3) for rows in (4, 5, 6, 30, 101, 2000))
]
json.dump(expected, sys.stdout)

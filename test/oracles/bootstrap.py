"""Expected bootstrap bounds for test/unit/stats: python test/oracles/bootstrap.py > test/oracles/bootstrap.json

BCa from scipy.stats.bootstrap; bootstrap-t, which scipy has not, from numpy. Each endpoint is the mean over runs with other
seeds, beside the standard deviation of one run: the Monte Carlo error that a run of as many resamples may show.
Needs the packages of test/oracles/requirements.txt.
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats

RESAMPLES = 20_000
RUNS = 12
rng = np.random.default_rng(20261121)


def mean(x, axis=-1):
    return np.mean(x, axis=axis)


def rmse(label, predicted, axis=-1):
    return np.sqrt(np.mean((label - predicted) ** 2, axis=axis))


def r2(label, predicted, axis=-1):
    center = np.mean(label, axis=axis, keepdims=True)
    return 1 - np.sum((label - predicted) ** 2, axis=axis) / np.sum((label - center) ** 2, axis=axis)


def bca(data, statistic, level, seed):
    found = stats.bootstrap(
        data, statistic, paired=True, vectorized=True, n_resamples=RESAMPLES, batch=1000, confidence_level=level,
        method="BCa", rng=np.random.default_rng(seed),
    ).confidence_interval
    return [found.low, found.high]


def log_unexplained(label, predicted):
    """ln(1 - R2) and its infinitesimal jackknife's standard error."""
    rows = label.shape[-1]
    error = (label - predicted) ** 2
    spread = (label - np.mean(label, axis=-1, keepdims=True)) ** 2
    shares = error / error.sum(-1, keepdims=True) - spread / spread.sum(-1, keepdims=True)
    return np.log(error.sum(-1) / spread.sum(-1)), np.sqrt(np.sum(shares**2, axis=-1) * rows / (rows - 1))


def bootstrap_t(data, level, seed):
    label, predicted = data
    chosen = np.random.default_rng(seed).integers(0, len(label), (RESAMPLES, len(label)))
    value, error = log_unexplained(label, predicted)
    values, errors = log_unexplained(label[chosen], predicted[chosen])
    tail = (1 - level) / 2
    low, high = np.quantile((values - value) / errors, [tail, 1 - tail])
    return [1 - np.exp(value - error * low), 1 - np.exp(value - error * high)]


def summary(runs):
    runs = np.array(runs)
    (lower, upper), (lower_error, upper_error) = runs.mean(0), runs.std(0, ddof=1)
    return {"lower": lower, "upper": upper, "lower_error": lower_error, "upper_error": upper_error}


def case(name, data, statistic, level, studentized=False):
    data = [np.round(column, 6) for column in data]
    found = {
        "statistic": name,
        "data": [column.tolist() for column in data],
        "level": level,
        "bca": summary([bca(data, statistic, level, seed) for seed in range(RUNS)]),
    }
    if studentized:
        found["bootstrap_t"] = summary([bootstrap_t(data, level, 100 + seed) for seed in range(RUNS)])
    return found


def regression(rows, errors):
    label = rng.lognormal(size=rows)
    return [label, label + errors(rows)]


json.dump(
    {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
        "resamples": RESAMPLES,
        "runs": RUNS,
        "cases": [
            case("mean", [rng.lognormal(size=40)], mean, 0.9),
            case("mean", [rng.normal(size=25)], mean, 0.95),
            case("rmse", regression(60, lambda rows: rng.standard_t(5, size=rows)), rmse, 0.9),
            case("r2", regression(50, lambda rows: 0.5 * rng.normal(size=rows)), r2, 0.9, studentized=True),
            case("r2", regression(120, lambda rows: 0.5 * rng.standard_t(4, size=rows)), r2, 0.95, studentized=True),
        ],
    },
    sys.stdout,
)

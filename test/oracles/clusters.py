"""Expected variances of clustered rows for test/unit/evaluation: python test/oracles/clusters.py > test/oracles/clusters.json

Means by statsmodels' cluster-robust covariance; ROC AUC by Obuchowski (1997), Biometrics 53:567, from every positive against
every negative. Needs the packages of test/oracles/requirements.txt.
"""

import json
import sys

import numpy as np
import statsmodels
import statsmodels.api as sm

rng = np.random.default_rng(20261125)


def mean_variance(values, groups, weights=None):
    ones = np.ones((len(values), 1))
    model = sm.OLS(values, ones) if weights is None else sm.WLS(values, ones, weights=weights)
    return float(model.fit(cov_type="cluster", cov_kwds={"groups": groups}).cov_params()[0, 0])


def obuchowski(labels, scores, groups):
    positives, negatives = scores[labels == 1], scores[labels == 0]
    wins = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    auc, m, n = wins.mean(), len(positives), len(negatives)
    of_positive, of_negative = wins.mean(axis=1), wins.mean(axis=0)
    names = np.unique(groups)
    a = np.array([(of_positive[groups[labels == 1] == g] - auc).sum() for g in names])
    b = np.array([(of_negative[groups[labels == 0] == g] - auc).sum() for g in names])
    has_positive = len(np.unique(groups[labels == 1]))
    has_negative = len(np.unique(groups[labels == 0]))
    s10 = has_positive / ((has_positive - 1) * m) * (a**2).sum()
    s01 = has_negative / ((has_negative - 1) * n) * (b**2).sum()
    s11 = len(names) / (len(names) - 1) * (a * b).sum()
    return float(s10 / m + s01 / n + 2 * s11 / (m * n))


def case(groups_count, per_group, *, weighted=False, decimals=None):
    groups = np.repeat(np.arange(groups_count), per_group)
    # Half of each group's rows are positive: each group has both classes, and both have as many rows.
    labels = np.tile(np.arange(per_group) % 2, groups_count)
    effect = rng.normal(size=groups_count)[groups]
    scores = 1 / (1 + np.exp(-(1.2 * labels - 0.6 + effect + rng.normal(size=len(groups)))))
    if decimals is not None:
        scores = scores.round(decimals).clip(0.1, 0.9)
    weights = rng.uniform(0.2, 3, len(groups)).round(3) if weighted else None
    right = ((scores > 0.5) == labels).astype(float)
    losses = -np.where(labels == 1, np.log(scores), np.log(1 - scores))
    order = rng.permutation(len(groups))
    given = lambda values: values[order].tolist()
    return {
        "labels": given(labels),
        "scores": given(scores),
        "clusters": given(groups),
        "weights": None if weights is None else given(weights),
        "variance": {
            "accuracy": mean_variance(right, groups, weights),
            "log_loss": mean_variance(losses, groups, weights),
            "roc_auc": obuchowski(labels, scores, groups) if weights is None else None,
        },
    }


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "statsmodels": statsmodels.__version__},
        "cases": {
            "few large groups": case(8, 20),
            "many small groups": case(60, 2),
            "ties": case(20, 6, decimals=1),
            "weights": case(20, 6, weighted=True),
        },
    },
    sys.stdout,
)

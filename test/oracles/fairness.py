"""Expected fairness numbers of fairlearn for test/unit/evaluation: python test/oracles/fairness.py > test/oracles/fairness.json

Rows are written beside the numbers, so the tests need no Python. Needs the packages of test/oracles/requirements.txt.
"""

import json
import sys
import warnings

import fairlearn
import fairlearn.metrics as f
import numpy as np

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261125)


def case(rows, groups, *, weighted=False, shift=0.8, threshold=0.5):
    group = rng.choice(groups, rows)
    place = np.array([groups.index(each) for each in group])
    labels = (rng.random(rows) < 0.3 + 0.15 * place / len(groups)).astype(int)
    raw = rng.normal(size=rows) + 1.5 * labels - 0.8 + shift * place / len(groups)
    scores = 1 / (1 + np.exp(-raw))
    predicted = (scores > threshold).astype(int)
    weights = rng.uniform(0.2, 3, rows).round(3) if weighted else None
    of = {"sensitive_features": group, "sample_weight": weights}
    rates = f.MetricFrame(
        metrics={
            "selection_rate": f.selection_rate,
            "true_positive_rate": f.true_positive_rate,
            "false_positive_rate": f.false_positive_rate,
        },
        y_true=labels,
        y_pred=predicted,
        sensitive_features=group,
        sample_params=None if weights is None else {name: {"sample_weight": weights} for name in
                       ["selection_rate", "true_positive_rate", "false_positive_rate"]},
    ).by_group
    large = {
        each: float(np.average((scores - labels)[group == each], weights=None if weights is None else weights[group == each]))
        for each in groups
    }
    return {
        "group": group.tolist(),
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "predicted": predicted.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "between": {
            "demographic_parity_difference": f.demographic_parity_difference(labels, predicted, **of),
            "demographic_parity_ratio": f.demographic_parity_ratio(labels, predicted, **of),
            "equal_opportunity_difference": f.equal_opportunity_difference(labels, predicted, **of),
            "equalized_odds_difference": f.equalized_odds_difference(labels, predicted, **of),
            "calibration_difference": max(large.values()) - min(large.values()),
        },
        "groups": {
            each: {**{name: float(rates[name][each]) for name in rates.columns}, "calibration_in_the_large": large[each]}
            for each in groups
        },
    }


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "fairlearn": fairlearn.__version__},
        "cases": {
            "two groups": case(300, ["F", "M"]),
            "four groups": case(600, ["a", "b", "c", "d"]),
            "weights": case(400, ["a", "b", "c"], weighted=True),
            "false alarms differ more than hits": case(500, ["x", "y"], shift=1.6, threshold=0.35),
        },
    },
    sys.stdout,
)

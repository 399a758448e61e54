"""Expected numbers of the value metric, of thresholds and of calibration:
python test/oracles/operating_point.py > test/oracles/operating_point.json

Rows are written beside the numbers, so the tests need no Python. Needs the packages of test/oracles/requirements.txt.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy import optimize, stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score, precision_recall_curve, precision_score, recall_score

rng = np.random.default_rng(20261125)


def likeliest(counts, values, mean):
    """Shares of the multinomial with this mean that are likeliest after these counts: Lagrange's multiplier by brentq."""
    counts, deviation = np.array(counts, float), np.array(values, float) - mean
    rows = counts.sum()
    low, high = -1 / deviation.max(), -1 / deviation.min()
    seen = counts > 0

    def slope(multiplier):
        return np.sum(counts[seen] * deviation[seen] / (1 + multiplier * deviation[seen]))

    edge = 1e-13
    ends = low + abs(low) * edge, high - abs(high) * edge
    if slope(ends[0]) < 0:
        multiplier, extreme = low, deviation.argmax()
    elif slope(ends[1]) > 0:
        multiplier, extreme = high, deviation.argmin()
    else:
        multiplier, extreme = optimize.brentq(slope, *ends, xtol=1e-16, rtol=1e-15), None
    shares = np.zeros(len(counts))
    shares[seen] = counts[seen] / (rows * (1 + multiplier * deviation[seen]))
    if extreme is not None:
        shares[extreme] += 1 - shares.sum()
    return shares


def value_bounds(counts, values, alpha):
    """One-sided bounds of the mean: the skewness-corrected score test inverted."""
    counts, values = np.array(counts, float), np.array(values, float)
    rows = counts.sum()
    measured = counts @ values / rows
    z = stats.norm.ppf(1 - alpha)

    def excess(mean, sign):
        shares = likeliest(counts, values, mean)
        deviation = values - mean
        variance = shares @ deviation**2
        skewness = shares @ deviation**3 / variance**1.5
        return (measured - mean) / np.sqrt(variance / rows) - (sign * z + skewness * (z * z - 1) / (6 * np.sqrt(rows)))

    def solve(sign):
        # sign 1: the lower bound, where the measured mean is z standard errors too high.
        far = values.min() if sign > 0 else values.max()
        if measured == far:
            return far
        # Next to a mean of one value alone the skewness has no limit: the outermost change of sign is the bound.
        grid = measured + (far - measured) * (1 - np.geomspace(1 - 1e-9, 1e-9, 2000))
        signs = np.sign([excess(mean, sign) for mean in grid])
        last = np.flatnonzero(signs[1:] != signs[:-1])[-1]
        return optimize.brentq(excess, grid[last], grid[last + 1], args=(sign,), xtol=1e-14, rtol=1e-14)

    return {"lower": solve(1), "upper": solve(-1)}


def value_case(counts, values, alpha):
    return {"counts": counts, "values": values, "alpha": alpha, **value_bounds(counts, values, alpha)}


def cells_value(labels, predicted, weights, values):
    """Worth of 1000 rows; values in the order of scikit-learn's confusion matrix: TN, FP, FN, TP."""
    cells = confusion_matrix(labels, predicted, labels=[0, 1], sample_weight=weights).ravel()
    return 1000 * cells @ np.array(values, float) / cells.sum()


def threshold_case(rows, digits, values, weighted, share=0.3):
    """The best of every distinct score as threshold (positive: above it) by scikit-learn's metrics of the whole sample."""
    labels = (rng.random(rows) < share).astype(int)
    scores = np.round(1 / (1 + np.exp(1 - 1.5 * labels - rng.normal(size=rows))), digits)
    weights = np.round(rng.random(rows) + 0.5, 3) if weighted else None
    found = []
    for threshold in np.concatenate([[-1.0], np.unique(scores)]):
        predicted = (scores > threshold).astype(int)
        w = {"sample_weight": weights}
        found.append({
            "score": threshold,
            "precision": precision_score(labels, predicted, **w) if predicted.any() else None,
            "recall": recall_score(labels, predicted, **w),
            "f1": f1_score(labels, predicted, **w),
            "value": cells_value(labels, predicted, weights, values),
        })
    precision, recall, _ = precision_recall_curve(labels, scores, sample_weight=weights, drop_intermediate=False)
    # The same points, but for the end that scikit-learn adds: its thresholds are "at least".
    assert np.allclose([at["recall"] for at in found], recall) and np.allclose(precision[:-1], [at["precision"] for at in found[:-1]])
    return {
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "values": values,
        "at": found,
    }


def ece(probabilities, outcomes, weights, codes):
    """Sum over bins of their share times |mean outcome - mean probability|."""
    found = 0.0
    for code in np.unique(codes):
        inside = codes == code
        w = weights[inside]
        if w.sum() > 0:
            gap = np.average(outcomes[inside], weights=w) - np.average(probabilities[inside], weights=w)
            found += w.sum() / weights.sum() * abs(gap)
    return found


def brier_parts(probabilities, outcomes, weights, codes):
    """Murphy's (1973) parts and the two within bins of Stephenson et al. (2008)."""
    w = weights / weights.sum()
    share = w @ outcomes
    mean_p, mean_o = np.zeros(len(w)), np.zeros(len(w))
    for code in np.unique(codes):
        inside = codes == code
        if w[inside].sum() > 0:
            mean_p[inside] = np.average(probabilities[inside], weights=w[inside])
            mean_o[inside] = np.average(outcomes[inside], weights=w[inside])
    parts = {
        "reliability": w @ (mean_p - mean_o) ** 2,
        "resolution": w @ (mean_o - share) ** 2,
        "uncertainty": share * (1 - share),
        "within_bin_variance": w @ (probabilities - mean_p) ** 2,
        "within_bin_covariance": 2 * w @ ((probabilities - mean_p) * (outcomes - mean_o)),
    }
    brier = parts["reliability"] - parts["resolution"] + parts["uncertainty"]
    brier += parts["within_bin_variance"] - parts["within_bin_covariance"]
    assert np.isclose(brier, brier_score_loss(outcomes, probabilities, sample_weight=weights), rtol=1e-12)
    return parts


def debiased(probabilities, outcomes, codes):
    """2·ECE - E ECE of normal deviations around those measured, by scipy's folded normal distribution (no weights)."""
    rows, found = len(codes), 0.0
    for code in range(15):
        inside = codes == code
        deviation = np.where(inside, outcomes - probabilities, 0.0)
        size = abs(deviation.mean())
        expected = (probabilities * (1 - probabilities))[inside].sum() / rows
        error = np.sqrt(max(deviation.var(), expected) / rows)
        found += 2 * size - (stats.foldnorm.mean(size / error, scale=error) if error > 0 else size)
    return max(0.0, found)


def calibration_case(rows, weighted, sharpness, decimals=None, share=-1.0):
    logits = share + 1.2 * rng.normal(size=rows)
    outcomes = (rng.random(rows) < 1 / (1 + np.exp(-logits))).astype(int)
    probabilities = 1 / (1 + np.exp(-sharpness * logits))
    if decimals is not None:
        probabilities = np.round(probabilities, decimals)
    weights = np.round(rng.random(rows) + 0.5, 3) if weighted else np.ones(rows)
    edges = np.linspace(0, 1, 16)
    width = np.searchsorted(edges[1:-1], probabilities)
    found = {
        "probabilities": probabilities.tolist(),
        "outcomes": outcomes.tolist(),
        "weights": weights.tolist() if weighted else None,
        "width": width.tolist(),
        "ece": ece(probabilities, outcomes, weights, width),
        "brier": brier_parts(probabilities, outcomes, weights, width),
    }
    if not weighted:
        observed, predicted = calibration_curve(outcomes, probabilities, n_bins=15, strategy="uniform")
        counts = np.bincount(width, minlength=15)
        assert np.isclose(found["ece"], counts[counts > 0] / rows @ abs(observed - predicted), rtol=1e-12)
        found["debiased"] = debiased(probabilities, outcomes, width)
        if decimals is None:
            # Without ties, and with rows that 15 divides, scikit-learn's quantile bins are those of equal mass.
            observed, predicted = calibration_curve(outcomes, probabilities, n_bins=15, strategy="quantile")
            found["curve"] = [predicted.tolist(), observed.tolist()]
            found["ece_mass"] = float(np.mean(abs(observed - predicted)))
    return found


def top_label_case(rows, weighted):
    logits = rng.normal(size=(rows, 4))
    labels = np.array([rng.choice(4, p=np.exp(row) / np.exp(row).sum()) for row in logits])
    probabilities = np.exp(1.5 * logits) / np.exp(1.5 * logits).sum(1, keepdims=True)
    weights = np.round(rng.random(rows) + 0.5, 3) if weighted else np.ones(rows)
    top = probabilities.max(1)
    right = (probabilities.argmax(1) == labels).astype(int)
    codes = np.searchsorted(np.linspace(0, 1, 16)[1:-1], top)
    return {
        "classes": ["a", "b", "c", "d"],
        "labels": labels.tolist(),
        "predicted": probabilities.argmax(1).tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "weights": weights.tolist() if weighted else None,
        "ece": ece(top, right, weights, codes),
        "brier": brier_parts(top, right, weights, codes),
    }


design = [0, -15, -20, 40]
fraud = [0, -1, -100, 0]

json.dump(
    {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
        "value_bounds": [
            value_case([80, 5, 3, 12], design, 0.05),
            value_case([80, 5, 3, 12], design, 0.025),
            value_case([960, 12, 9, 19], design, 0.001),
            value_case([97, 2, 1, 0], design, 0.05),
            value_case([97, 2, 0, 1], design, 0.05),
            value_case([100, 0, 0, 0], design, 0.05),
            value_case([0, 0, 0, 7], design, 0.05),
            value_case([9880, 20, 70, 30], fraud, 0.05),
            value_case([270, 30, 0, 0], fraud, 0.05),
            value_case([12.5, 3.25, 0.5, 7.75], [1, -1, -1, 1], 0.05),
            value_case([40, 60], [0, 1], 0.05),
        ],
        "calibration": [
            calibration_case(300, False, 1.4),
            calibration_case(600, False, 1.0, share=-4.0),
            calibration_case(300, False, 1.4, decimals=1),
            calibration_case(200, True, 0.6),
            calibration_case(150, True, 1.0, decimals=2),
        ],
        "top_label": [top_label_case(200, False), top_label_case(150, True)],
        "thresholds": [
            threshold_case(150, 6, design, weighted=False),
            threshold_case(120, 1, design, weighted=False),
            threshold_case(120, 2, fraud, weighted=True),
        ],
    },
    sys.stdout,
)

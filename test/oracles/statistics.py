"""Expected numbers of scipy and statsmodels for test/unit/stats: python test/oracles/statistics.py ../shared/data > test/oracles/statistics.json

Small inputs are written beside the numbers. Columns of the shared tables are read here and again by the tests, which skip without them:
only numbers are committed. Needs the packages of test/oracles/requirements.txt.
"""

import json
import math
import sys
import warnings
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
import scipy.spatial.distance
import scipy.stats as st
import statsmodels
from statsmodels.stats import contingency_tables, multitest, power, proportion

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261125)
shared = Path(sys.argv[1])


def numbers(values):
    return np.asarray(values, dtype=float).tolist()


# --- two samples -----------------------------------------------------------------------------------------------------------------


def two_sample(x, y):
    least = min(len(x), len(y))
    # With ties scipy's statistic is another one, whose p-value does not hold (docs/calibration.md).
    tied = len(np.unique([*x, *y])) < len(x) + len(y)
    cramer = None if least < 2 or tied else st.cramervonmises_2samp(x, y, method="asymptotic")
    asymptotic = st.ks_2samp(x, y, method="asymp")
    return {
        "ks": {
            "statistic": asymptotic.statistic,
            "auto": st.ks_2samp(x, y).pvalue,
            "asymptotic": None if math.isnan(asymptotic.pvalue) else asymptotic.pvalue,
        },
        "mann_whitney": {
            "statistic": st.mannwhitneyu(x, y).statistic,
            **{
                f"{method} {alternative}": st.mannwhitneyu(x, y, alternative=alternative, method=method).pvalue
                for method, alternative in product(["auto", "asymptotic"], ["two-sided", "less", "greater"])
            },
        },
        "wasserstein": st.wasserstein_distance(x, y),
        "energy": st.energy_distance(x, y),
        "cramer_von_mises": None if cramer is None else {"statistic": cramer.statistic, "p": cramer.pvalue},
    }


def two_sample_cases():
    normal = rng.normal
    yield "one value each", [0.5], [1.5]
    yield "one against five", [0.5], normal(size=5).round(3)
    yield "tiny", normal(size=4).round(3), normal(1, 1, 6).round(3)
    yield "eight against forty", normal(size=8).round(4), normal(0.7, 1, 40).round(4)
    yield "equal sizes", normal(size=60).round(4), normal(0.3, 1, 60).round(4)
    yield "unequal sizes", normal(size=37).round(4), normal(0, 2, 91).round(4)
    yield "ties", normal(size=80).round(0), normal(0.4, 1, 70).round(0)
    yield "small with ties", [1, 1, 2, 3], [2, 2, 3, 4, 5]
    yield "the same", [1, 2, 3, 4, 5], [5, 4, 3, 2, 1]
    yield "all equal", [2, 2, 2], [2, 2, 2, 2]
    yield "far apart", normal(size=50).round(4), normal(8, 1, 65).round(4)
    yield "skewed", rng.lognormal(0, 1.5, 90).round(4), rng.lognormal(0.3, 1.5, 110).round(4)


def tied_permutation(x, y):
    """p-values of D and T over all splits of the pooled values: exact with ties."""
    pooled = np.array([*x, *y])
    values = np.unique(pooled)

    def distances(first, second):
        up_to = lambda sample: (sample[:, None] <= values).mean(axis=0)
        difference = up_to(first) - up_to(second)
        totals = (pooled[:, None] == values).sum(axis=0)
        return np.abs(difference).max(), (totals * difference**2).sum() * len(first) * len(second) / len(pooled) ** 2

    def split(chosen):
        mask = np.zeros(len(pooled), bool)
        mask[list(chosen)] = True
        return distances(pooled[mask], pooled[~mask])

    observed = distances(np.array(x), np.array(y))
    all_splits = np.array([split(chosen) for chosen in combinations(range(len(pooled)), len(x))])
    ks, cramer = (np.mean(all_splits[:, at] >= observed[at] * (1 - 1e-12)) for at in (0, 1))
    return {"x": x, "y": y, "ks": ks, "cramer_von_mises": {"statistic": observed[1], "p": cramer}}


def generated(name):
    """Inputs that the test makes by the same formula: too many to commit."""
    if name == "linspace of scipy's tests":
        return np.linspace(1, 100, 100), np.linspace(1, 100, 110) + 20.1
    if name == "portable":
        return np.array([((i * 7919) % 1009) / 100 for i in range(1000)]), np.array(
            [((i * 6271) % 1013) / 100 + 0.5 for i in range(800)]
        )
    rows, shift = {"12,000 against 9,000": ((12000, 9000), 0.02), "200,000 against 300": ((200000, 300), 0.06)}[name]
    fraction = lambda count, factor: np.mod(np.arange(count) * factor, 1.0)
    return fraction(rows[0], math.sqrt(2)), fraction(rows[1], math.sqrt(3)) ** 1.1 + shift


def columns():
    adult = pd.read_csv(shared / "adult.csv")
    diamonds = pd.read_csv(shared / "diamonds.csv")
    for table, file, column, by, values in [
        (adult, "adult.csv", "age", "sex", ("Male", "Female")),
        (adult, "adult.csv", "hours_per_week", "race", ("Amer-Indian-Eskimo", "Other")),
        (adult, "adult.csv", "capital_gain", "race", ("Asian-Pac-Islander", "Other")),
        (diamonds, "diamonds.csv", "price", "cut", ("Good", "Fair")),
        (diamonds, "diamonds.csv", "depth", "color", ("D", "J")),
    ]:
        x, y = (table.loc[table[by] == value, column].to_numpy(float) for value in values)
        yield {"file": file, "column": column, "by": by, "values": values, "rows": [len(x), len(y)], **two_sample(x, y)}


def tables():
    adult = pd.read_csv(shared / "adult.csv", keep_default_na=False)
    for row, column in [("sex", "income"), ("race", "income"), ("sex", "occupation"), ("race", "native_country")]:
        crossed = pd.crosstab(adult[row], adult[column]).to_numpy()
        yield {"file": "adult.csv", "row": row, "column": column, **contingency(crossed)}


# --- counts ----------------------------------------------------------------------------------------------------------------------


def contingency(counts):
    counts = np.asarray(counts)
    test = st.chi2_contingency(counts, correction=False)
    rows, columns = counts.shape
    total = counts.sum()
    phi = max(0, test.statistic / total - (rows - 1) * (columns - 1) / (total - 1))
    shrunk = [size - (size - 1) ** 2 / (total - 1) for size in (rows, columns)]
    return {
        "statistic": test.statistic,
        "degrees": test.dof,
        "p": test.pvalue,
        "sparse": bool((test.expected_freq < 5).any()),
        "cramers_v": st.contingency.association(counts, method="cramer", correction=False),
        # Bergsma's formula: neither package has it.
        "cramers_v_corrected": math.sqrt(phi / (min(shrunk) - 1)),
    }


def permutation(counts):
    """The share of all tables with these margins, weighted by their probability, that are at least as far off: exact."""
    counts = np.asarray(counts)
    drawn, columns = counts[0].sum(), counts.sum(axis=0)
    observed = st.chi2_contingency(counts, correction=False).statistic
    distribution = st.multivariate_hypergeom(columns, drawn)
    total = 0.0
    for first in product(*(range(each + 1) for each in columns)):
        if sum(first) == drawn:
            other = columns - np.array(first)
            if st.chi2_contingency(np.array([first, other]), correction=False).statistic >= observed * (1 - 1e-12):
                total += distribution.pmf(first)
    return {"counts": counts.tolist(), "p": total}


def fisher(table):
    (a, b), (c, d) = table
    return {
        "table": [a, b, c, d],
        "odds_ratio": None if b * c == 0 else st.fisher_exact(table).statistic,
        **{alternative: st.fisher_exact(table, alternative).pvalue for alternative in ("two-sided", "less", "greater")},
    }


def newcombe(first, second, alpha):
    """Newcombe's method 11 (1998), from his formulas: neither package has it."""
    z = st.norm.isf(alpha)

    def wilson(x, n):
        p = x / n
        lower = (2 * x + z**2 - 1 - z * math.sqrt(max(0, z**2 - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)))) / (2 * (n + z**2))
        upper = (2 * x + z**2 + 1 + z * math.sqrt(max(0, z**2 + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)))) / (2 * (n + z**2))
        return (0 if x == 0 else max(0, lower)), (1 if x == n else min(1, upper))

    (p, (l1, u1)), (q, (l2, u2)) = ((x / n, wilson(x, n)) for x, n in (first, second))
    return [p - q - math.sqrt((p - l1) ** 2 + (u2 - q) ** 2), p - q + math.sqrt((u1 - p) ** 2 + (q - l2) ** 2)]


def two_proportion(first, second):
    counts, rows = zip(first, second)
    return {
        "first": first,
        "second": second,
        **{
            name: proportion.proportions_ztest(counts, rows, alternative=alternative)[1]
            for name, alternative in (("two-sided", "two-sided"), ("less", "smaller"), ("greater", "larger"))
        },
        "bounds": newcombe(first, second, 0.05),
    }


def clopper_pearson(hits, rows, alpha):
    lower, upper = proportion.proportion_confint(hits, rows, 2 * alpha, method="beta")
    return {"hits": hits, "rows": rows, "alpha": alpha, "lower": lower, "upper": upper}


def mcnemar(first, second):
    table = [[10, first], [second, 10]]
    exact = contingency_tables.mcnemar(table, exact=True)
    plain, corrected = (contingency_tables.mcnemar(table, exact=False, correction=each) for each in (False, True))
    return {
        "first": first,
        "second": second,
        "exact": min(1, exact.pvalue),
        "asymptotic": [plain.statistic, plain.pvalue],
        "corrected": [corrected.statistic, corrected.pvalue],
    }


# --- distributions of shares -----------------------------------------------------------------------------------------------------


def divergences(p, q):
    first, second = np.array(p, float) / sum(p), np.array(q, float) / sum(q)
    entropy = st.entropy(first, second)
    return {
        "p": p,
        "q": q,
        "jensen_shannon": scipy.spatial.distance.jensenshannon(p, q),
        "jensen_shannon_2": scipy.spatial.distance.jensenshannon(p, q, 2),
        "kullback_leibler": None if math.isinf(entropy) else entropy,
        "kullback_leibler_2": None if math.isinf(entropy) else st.entropy(first, second, 2),
        "hellinger": math.sqrt(((np.sqrt(first) - np.sqrt(second)) ** 2).sum() / 2),
        "psi": psi(first, second, 1e-4),
        "psi_001": psi(first, second, 0.01),
    }


def psi(first, second, floor):
    p, q = np.maximum(first, floor), np.maximum(second, floor)
    return float(((p - q) * np.log(p / q)).sum())


def binned(x, y, bins):
    edges = np.unique(np.quantile(x, np.linspace(0, 1, bins + 1)))
    present = y[~np.isnan(y)]
    inside = np.histogram(present, edges)[0]
    counts = [int((present < edges[0]).sum()), *inside.tolist(), int((present > edges[-1]).sum()), int(np.isnan(y).sum())]
    return {"reference": numbers(x), "current": [None if np.isnan(v) else float(v) for v in y], "bins": bins, "edges": numbers(edges), "counts": counts}


def evidently(x, y):
    """The counts from which section 5's PSI, KL, JS and Hellinger follow: equal-width bins over both samples."""
    edges = np.histogram_bin_edges(np.concatenate([x, y]), "sturges")
    return {"reference": np.histogram(x, edges)[0].tolist(), "current": np.histogram(y, edges)[0].tolist()}


# --- corrections and power -------------------------------------------------------------------------------------------------------


def corrected(values):
    methods = {"holm": "holm", "benjamini_hochberg": "fdr_bh", "benjamini_yekutieli": "fdr_by"}
    return {"p": values, **{name: numbers(multitest.multipletests(values, method=method)[1]) for name, method in methods.items()}}


def power_of_proportions(first, second, rows, other, alpha, sides):
    alternative = "two-sided" if sides == "two-sided" else "larger"
    high, low = max(first, second), min(first, second)
    # statsmodels takes the difference and the second proportion.
    flipped = first < second
    return proportion.power_proportions_2indep(
        high - low, low, nobs1=other if flipped else rows, ratio=(rows / other if flipped else other / rows), alpha=alpha, alternative=alternative
    ).power


def connor(first, second, rows, alpha, sides):
    z = st.norm.isf(alpha / 2 if sides == "two-sided" else alpha)
    discordant, difference = first + second, abs(first - second)
    spread = math.sqrt(discordant - difference**2)
    near, far = (st.norm.cdf((sign * difference * math.sqrt(rows) - z * math.sqrt(discordant)) / spread) for sign in (1, -1))
    return near + far if sides == "two-sided" else near


def powers():
    ind, one = power.TTestIndPower(), power.TTestPower()
    plans = [(0.05, "two-sided"), (0.01, "two-sided"), (0.05, "one-sided")]
    word = {"two-sided": "two-sided", "one-sided": "larger"}
    return {
        "two_proportions": [
            {"shares": case, "alpha": alpha, "sides": sides, "power": power_of_proportions(*case, alpha, sides)}
            for case in [(0.6, 0.5, 400, 400), (0.02, 0.05, 300, 900), (0.9, 0.95, 50, 60)]
            for alpha, sides in plans
        ],
        "two_means": [
            {"effect": d, "rows": [n, m], "alpha": alpha, "sides": sides, "power": ind.power(d, n, alpha, m / n, alternative=word[sides])}
            for d, n, m in [(0.5, 64, 64), (0.2, 20, 100), (1.2, 3, 2), (0.01, 50000, 40000)]
            for alpha, sides in plans
        ],
        "paired_means": [
            {"effect": d, "rows": n, "alpha": alpha, "sides": sides, "power": one.power(d, n, alpha, alternative=word[sides])}
            for d, n in [(0.2, 199), (0.9, 2), (0.5, 12), (0.02, 20000)]
            for alpha, sides in plans
        ],
        "paired_proportions": [
            {"first": a, "second": b, "rows": n, "alpha": alpha, "sides": sides, "power": connor(a, b, n, alpha, sides)}
            for a, b, n in [(0.06, 0.03, 787), (0.2, 0.1, 50), (0.001, 0.002, 20000)]
            for alpha, sides in plans
        ],
        "rows": {
            "two_means": [[d, target, math.ceil(ind.solve_power(d, None, 0.05, target, 1))] for d, target in [(0.5, 0.8), (0.1, 0.9), (1.5, 0.8)]],
            "paired_means": [[d, target, math.ceil(one.solve_power(d, None, 0.05, target))] for d, target in [(0.5, 0.8), (0.1, 0.9), (0.05, 0.8)]],
        },
    }


json.dump(
    {
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "two_sample": [{"name": name, "x": numbers(x), "y": numbers(y), **two_sample(x, y)} for name, x, y in two_sample_cases()],
        "generated": {
            name: two_sample(*generated(name))
            for name in ("linspace of scipy's tests", "portable", "12,000 against 9,000", "200,000 against 300")
        },
        "tied_permutation": [
            tied_permutation(*each)
            for each in (([1, 1, 2, 3, 3], [2, 3, 3, 4, 4, 4]), ([0, 0, 0, 0, 1, 5], [0, 0, 2, 3, 7]), ([1, 2, 2], [1, 1, 1, 2, 2, 2, 3]))
        ],
        "columns": list(columns()),
        "kolmogorov": [
            [n, d, st.kstwo.sf(d, n)]
            for n, d in [
                (1, 0.7), (10, 0.03), (10, 0.1), (10, 0.3), (10, 0.9), (50, 0.2), (140, 0.03), (140, 0.1), (140, 0.17),
                (141, 0.1), (500, 0.06), (500, 0.2), (5000, 0.01), (5000, 0.02), (5000, 0.03), (50000, 0.005), (900000, 0.002), (2000000, 0.001),
            ]
        ],
        "kolmogorov_exact": [[n, d, st.kstwo.sf(d, n)] for n, d in [(200, 0.03), (1000, 0.012), (50000, 0.0008)]],
        "chi_square": [
            [x, degrees, st.chi2.sf(x, degrees)]
            for degrees in [1, 2, 5, 19, 199, 999, 10000, 1000000]
            for x in [0.01 * degrees, 0.5 * degrees, degrees, degrees + 3 * math.sqrt(2 * degrees), 1.2 * degrees, 3 * degrees]
        ],
        "noncentral_t": [
            [t, degrees, shift, st.nct.sf(t, degrees, shift)]
            for t, degrees, shift in [(2, 10, 1), (1.98, 198, 3.5), (12.7, 1, 2), (1.96, 1e5, 2.8), (2.2, 5, -3), (1.7, 30, 0), (2, 3, 8), (6.3, 1, 10), (2.1, 17.5, 2), (63.66, 1, -1.3), (636.6, 1, 2)]
        ],
        "hypergeometric": [
            [population, marked, draws, k, st.hypergeom.pmf(k, population, marked, draws)]
            for population, marked, draws, k in [(20, 7, 12, 5), (1000, 30, 400, 3), (100000, 500, 50000, 260), (50, 45, 48, 43)]
        ],
        "hypergeometric_survival": [
            [population, marked, draws, k, st.hypergeom.logsf(k - 1, population, marked, draws)]
            for population, marked, draws, k in [
                *[(20, 7, 12, 5), (20, 7, 12, 7), (1000, 30, 400, 13), (1000, 30, 400, 29), (5000, 50, 400, 20), (100000, 3000, 8000, 300)],
                *[(100000, 500, 50000, 400), (50, 45, 48, 44), (1000000, 20000, 100000, 2300)],
            ]
        ],
        "contingency": [
            {"counts": counts, **contingency(counts)}
            for counts in (
                [[30, 20], [20, 30]],
                [[16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8]],
                [[90, 60, 104, 95], [30, 50, 51, 20], [30, 40, 45, 35]],
                [[3, 1, 0, 2], [1, 4, 3, 0]],
                [[99000, 900, 90, 10], [49400, 530, 50, 20]],
            )
        ],
        "tables": list(tables()),
        "permutation": [permutation(counts) for counts in ([[3, 1, 0, 2], [1, 4, 3, 0]], [[5, 0], [1, 6]], [[12, 1, 0], [9, 4, 3]])],
        "goodness_of_fit": [
            {"observed": observed, "expected": expected, "statistic": test.statistic, "p": test.pvalue}
            for observed, expected in [([16, 16, 16, 16, 16, 8], [16, 18, 16, 14, 12, 12]), ([60, 40], [50, 50])]
            for test in [st.chisquare(observed, expected)]
        ],
        "fisher": [
            fisher(table)
            for table in (
                [[3, 1], [1, 3]], [[8, 2], [1, 5]], [[0, 10], [5, 5]], [[0, 0], [3, 4]], [[100, 2], [1000, 5]], [[10, 30], [500, 1500]],
                [[7, 4], [4, 7]], [[4900, 5100], [5100, 4900]], [[30, 99970], [55, 99945]], [[1, 0], [0, 1]],
            )
        ],
        "two_proportion": [
            two_proportion(*each)
            for each in (((30, 100), (45, 100)), ((56, 70), (48, 80)), ((0, 40), (3, 30)), ((5, 5), (4, 9)), ((12, 10000), (30, 12000)), ((1, 1), (0, 1)))
        ],
        "clopper_pearson": [
            clopper_pearson(*each)
            for each in ((0, 20, 0.05), (20, 20, 0.05), (7, 10, 0.025), (81, 263, 0.025), (1, 100000, 0.005), (499, 1000, 0.05), (3, 4, 0.1), (99999, 100000, 0.05))
        ],
        "mcnemar": [mcnemar(*each) for each in ((121, 59), (15, 19), (0, 6), (5, 5), (1, 0), (3000, 3210), (40, 41))],
        "divergences": [
            divergences(p, q)
            for p, q in (
                ([1, 0], [0, 1]), ([1, 0, 0], [1, 1, 1]), ([90, 10, 0], [80, 10, 10]), ([3, 4, 5, 6], [6, 5, 4, 3]), ([0.5, 0.5], [0.5, 0.5]),
                ([1, 2, 3, 4, 5], [1, 2, 3, 4, 6]), ([10000, 10], [9900, 100]),
            )
        ],
        "evidently_bins": evidently(*generated("portable")),
        "bins": [
            binned(rng.normal(size=43).round(3), np.array([*(rng.normal(0.2, 1.5, 60).round(3)), math.nan, math.nan]), 10),
            binned(np.array([0.0] * 30 + [*rng.exponential(5, 20).round(1)]), np.array([*([0.0] * 12), -1.0, 3.0, 99.0]), 5),
            binned(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 3.0, 3.5]), 3),
        ],
        "corrections": [
            corrected(numbers(values))
            for values in (
                [0.01, 0.04, 0.03], [0.5], [0.2, 0.2, 0.01, 1.0, 0.0], rng.random(20).round(4) ** 3,
                [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0],
            )
        ],
        "power": powers(),
    },
    sys.stdout,
    default=float,
)

"""Profiles of three tables by pandas and numpy: what src/data/profile.ts and the row checks must find.

python test/oracles/profile.py ../shared/data > test/oracles/profile.json
"""
import json
import sys

import numpy as np
import pandas as pd

QUANTILES = {"q01": 0.01, "q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95, "q99": 0.99}
BINS = 32


def edges(values, integers):
    low, high = float(values.min()), float(values.max())
    if integers:
        width = int(np.ceil((high - low + 1) / BINS))
        return low - 0.5 + width * np.arange(int(np.ceil((high - low + 1) / width)) + 1)
    return np.linspace(low, high, BINS + 1)


def number(column):
    values = column.dropna().astype(float)
    finite = values[np.isfinite(values)]
    bounds = edges(finite, pd.api.types.is_integer_dtype(column.dtype))
    return {
        "missing": int(column.isna().sum()),
        "distinct": int(column.nunique()),
        "min": float(finite.min()),
        "max": float(finite.max()),
        "mean": float(finite.mean()),
        "standard_deviation": float(finite.std(ddof=1)),
        "zeros": int((values == 0).sum()),
        "negatives": int((finite < 0).sum()),
        "infinite": int(np.isinf(values).sum()),
        "quantiles": {name: float(np.quantile(finite, q)) for name, q in QUANTILES.items()},
        "histogram": [int(n) for n in np.histogram(finite, bins=bounds)[0]],
    }


def text(column):
    counts = column.value_counts()
    order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "missing": int(column.isna().sum()),
        "distinct": int(column.nunique()),
        "top": [{"value": value, "count": int(count)} for value, count in order[:20]],
    }


def profile(table, label=None, drop=()):
    numbers = table.select_dtypes("number").columns
    features = [name for name in table.columns if name != label and name not in drop]
    found = {
        "rows": len(table),
        "columns": {name: number(table[name]) if name in numbers else text(table[name]) for name in table.columns},
        "duplicates": int(table.duplicated().sum()),
        "duplicate_groups": int(table[table.duplicated(keep=False)].drop_duplicates().shape[0]),
    }
    if label:
        classes = table.groupby(features, dropna=False)[label].transform("nunique")
        found["conflicting_rows"] = int((classes > 1).sum())
    return found


def synthetic():
    """A small table with all that is awkward, written into the answer so that the test needs no other file."""
    rng = np.random.default_rng(7)
    rows = 400
    real = np.round(rng.normal(3, 2, rows), 6)
    real[[5, 17]] = np.inf
    real[44] = -np.inf
    holed = np.round(rng.lognormal(0, 1, rows), 6)
    holed[::9] = np.nan
    table = pd.DataFrame({
        "real": real,
        "holed": holed,
        "count": rng.poisson(4, rows),
        "wide": rng.integers(-5_000, 5_000, rows),
        "text": rng.choice(["a", "it's", 'say "x"', "drop table t;--", "naïve 😀", ""], rows),
    })
    cells = {name: [None if isinstance(v, float) and np.isnan(v) else str(v) for v in table[name].tolist()] for name in table}
    return {"cells": cells, "profile": profile(table)}


def main():
    folder = sys.argv[1]
    adult = pd.read_csv(f"{folder}/adult.csv", na_values=["?"], keep_default_na=False)
    diamonds = pd.read_csv(f"{folder}/diamonds.csv")
    zero = (diamonds[["x", "y", "z"]] == 0).any(axis=1)
    answer = {
        "versions": {"pandas": pd.__version__, "numpy": np.__version__, "python": sys.version.split()[0]},
        "synthetic": synthetic(),
        "adult": profile(adult, "income", drop=["fnlwgt"]),
        "diamonds": {**profile(diamonds), "zero_dimension_rows": [int(row) + 1 for row in np.flatnonzero(zero)]},
    }
    print(json.dumps(answer, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

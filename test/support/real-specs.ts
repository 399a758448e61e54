// model.yml texts for the real tables of ../shared/data, as their users would write them. `source` is the table's path.

/** The `income` model of the design, on adult.csv under that file's column names. */
export function incomeSpec(source: string): string {
  return `name: income
task: binary-classification
problem:
  statement: Predict whether a person earns more than 50K a year
  owner: product
  baseline: prior
  goals:
    - { metric: roc_auc, at_least: 0.90, by: 2027-06-30, why: worth 1.2 M a year in campaign cost }
  value: { true_positive: 40, false_positive: -15, false_negative: -20, true_negative: 0, unit: EUR }
data:
  source: ${source}
  missing: ["?"]
  label: income
  positive: ">50K"
  drop: [fnlwgt]
  test: { by: hash, share: 0.2 }
  valid: { share: 0.1 }
  expect:
    rows: { min: 30000 }
    columns:
      age: { type: integer, min: 16, max: 100, missing: 0 }
      sex: { one_of: [Male, Female] }
      native_country: { sensitive: true }
train:
  builtin: linear
  params: { C: 1 }
evaluate:
  metrics: [roc_auc, log_loss, accuracy, recall]
  slices: [sex, race]
  gates:
    - roc_auc >= 0.89
    - roc_auc - baseline.roc_auc >= 0.05
    - accuracy - production.accuracy > -0.005 if production exists
    - worst(recall by sex) >= 0.35
    - gap(selection_rate by sex) <= 0.25
    - model_size <= 20 MB
registry: { stages: { staging: {}, production: { after: staging, soak: 24h } } }
deploy: { staging: { to: gitops, path: deploy/staging/income.yaml }, production: { to: gitops, path: deploy/production/income.yaml, canary: [10, 50, 100] } }
monitor: { window: 7d, log: "predictions/**/*.parquet", labels: "labels/**/*.parquet", false_alarms: 1 per year, on_alarm: [issue, retrain] }
`;
}

/** Prices of diamonds. `minimum` is the smallest dimension that the checks allow, in millimetres. */
export function diamondsSpec(source: string, minimum: number): string {
  return `name: diamonds
task: regression
problem:
  statement: Predict the price of a diamond from its measures
  baseline: mean
data:
  source: ${source}
  label: price
  expect:
    columns:
      x: { type: number, min: ${minimum} }
      y: { type: number, min: ${minimum} }
      z: { type: number, min: ${minimum} }
      cut: { one_of: [Fair, Good, Very Good, Premium, Ideal] }
train:
  builtin: linear
evaluate:
  slices: [cut]
  gates:
    - r2 >= 0.9
    - rmse - baseline.rmse <= -1000
`;
}

/** Does the electricity price rise? In time order; \`baseline\` is what the model must beat. */
export function electricitySpec(source: string, baseline: string): string {
  return `name: electricity
task: binary-classification
problem:
  statement: Tell whether the price of electricity will be above its mean of the last day
  baseline: ${baseline}
data:
  source: ${source}
  label: class
  positive: 1
  time: mlops_row # the file has no time column; its rows are in time order
  test: { by: time, share: 0.3 }
train:
  builtin: linear
evaluate:
  gates:
    - accuracy - baseline.accuracy > 0
`;
}

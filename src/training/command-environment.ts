/** Tokens, and the files by which a step can change what later steps of the job run. */
const withheld =
  /^(ACTIONS_.*|INPUT_.*|STATE_.*|GITHUB_TOKEN|GH_TOKEN|GITHUB_ENV|GITHUB_PATH|GITHUB_OUTPUT|GITHUB_STATE|GITHUB_STEP_SUMMARY|MLOPS_.*)$/i;

export interface TrainerPlaces {
  /** Parquet of the training rows: row_id, the features, the label, and the weight when there is one. */
  train: string;
  /** The same of the validation rows; without any, a table of no rows. */
  valid: string;
  /** The spec with its defaults, as a JSON file. */
  spec: string;
  /** train.params, as a JSON file. */
  params: string;
  /** Empty folder for the model. */
  out: string;
  seed: number;
}

/**
 * The variables of a training command: those of the job without its tokens, and MLOPS_*. A secret that the workflow
 * gives to the step by a name of its own is passed on: it was given for that.
 */
export function commandEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  places: TrainerPlaces,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !withheld.test(name)) passed[name] = value;
  }
  return {
    ...passed,
    MLOPS_TRAIN: places.train,
    MLOPS_VALID: places.valid,
    MLOPS_SPEC: places.spec,
    MLOPS_PARAMS: places.params,
    MLOPS_OUT: places.out,
    MLOPS_SEED: String(places.seed),
  };
}

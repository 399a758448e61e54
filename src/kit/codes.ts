// The closed lists of everything a run can say. docs/reason-codes.md is generated from here (npm run generate).

interface CodeText {
  /** What it means, for a person who reads it in a report. */
  meaning: string;
  /** What to do next. */
  action: string;
}

/** Codes of UserError: a person's mistake, nothing was decided. */
export const errorCodes = {
  artifact_refused: {
    meaning:
      "An artifact of a run is too large, has expired, did not arrive whole, or holds what no run uploads: names that leave the folder, links, damage.",
    action:
      "Do what the message says, and run the pull request's workflow again; upload the run folder as the template does.",
  },
  card_front_matter_invalid: {
    meaning: "The front matter of the hand-written card is not what a model card can have.",
    action: "Correct the named key; results, and what stands between the generated markers, are written by this tool.",
  },
  card_marker_broken: {
    meaning: "A generated part of the card has a begin marker without its end, or the other way round.",
    action: "Restore the marker at the named line, or delete both: the part is then written again.",
  },
  class_order_unknown: {
    meaning: "The model gives one number a class and nothing says which class is which.",
    action: "Put the class names into the ONNX graph, list signature.classes in model.json, or give --classes.",
  },
  column_missing: {
    meaning: "A column that was named is not in the table.",
    action: "Correct the spelling to a column that the message names.",
  },
  column_repeated: {
    meaning: "Two columns have the same name; SQL does not tell capitals apart.",
    action: "Give each column its own name.",
  },
  column_reserved: {
    meaning: "A column or source has a name that the snapshot needs for itself.",
    action: "Rename it.",
  },
  run_in_progress: {
    meaning: "Another process works in the same folder: the run folder of this model, or the folder of a rehearsal.",
    action: "Wait until it has ended; remove the named file if there is no such run.",
  },
  run_folder_committed: {
    meaning: "The run folder is part of the commit: what it says was not made by this run.",
    action: "Take it out of git: git rm -r --cached .mlops; every run makes its own.",
  },
  comparison_mismatch: {
    meaning:
      "A model to compare with answers another question: other classes, another positive class, or no such column.",
    action: "Give predictions of the same task and the same classes, spelled alike.",
  },
  rows_not_paired: {
    meaning: "Rows of two files cannot be paired one to one.",
    action:
      "Name a column in which every row of both files has a value of its own, and give predictions of the same rows.",
  },
  evidence_changed: {
    meaning: "A file of the run folder is not the one that its step wrote.",
    action: "Run that step again with --force.",
  },
  feature_is_time: {
    meaning: "A feature is a date or a time, which no model here takes as it is.",
    action: "Make numbers or texts of it in features.sql, or name the column in data.drop.",
  },
  features_invalid: {
    meaning: "features.sql is not one SELECT that DuckDB understands.",
    action: "Correct it at the line and column named.",
  },
  features_not_allowed: {
    meaning: "features.sql reaches outside the sources: files, network, settings, the clock or chance.",
    action: "Use the named sources only; make such values columns of the data.",
  },
  features_not_row_wise: {
    meaning: "A row's features change with the other rows, so that serving would compute others than training.",
    action: "Compute from the row alone, or put the aggregate into a named source.",
  },
  features_rows_changed: {
    meaning: "features.sql does not give each row exactly once with its row_id.",
    action: "Select row_id and keep every row: no filter, and joins on unique keys.",
  },
  file_missing: {
    meaning: "A file or folder that was named does not exist.",
    action: "Correct the path; paths are relative to the folder of model.yml.",
  },
  file_system: {
    meaning: "The file system refused to read or write: no permission, no space, or a folder where a file should be.",
    action: "Do what the message says about the path that it names.",
  },
  gate_invalid: {
    meaning: "A gate cannot be read, or names a metric or slice column that there is not.",
    action: "Correct it at the column named; the grammar is in docs/gates.md.",
  },
  git_failed: {
    meaning: "Git is not on the machine, or could not do what was asked of it.",
    action: "Run it in a clone of the repository, and repair what git's own words say.",
  },
  history_missing: {
    meaning: "Commits that have to be compared are not in this clone, most often because it is shallow.",
    action: "Give actions/checkout `fetch-depth: 0`; by hand: git fetch --unshallow.",
  },
  git_unfit: {
    meaning: "A rehearsal found no git, or one that is too old.",
    action: "Install git 2.38 or newer.",
  },
  node_unfit: {
    meaning: "A rehearsal was started on a Node that is older than the one on which GitHub runs the actions.",
    action: "Run it with Node 24 or newer.",
  },
  nothing_to_rehearse: {
    meaning: "The current branch has no commit of its own, so that there is no pull request to rehearse.",
    action: "Commit a change on a branch, and rehearse that.",
  },
  workflow_missing: {
    meaning: "No workflow of the default branch uses an action of this project.",
    action: "Copy the workflow templates there and commit them, or give --with-templates.",
  },
  workflow_never_starts: {
    meaning:
      "A workflow waits for a branch or a workflow that does not exist, so that GitHub never starts it, without a word.",
    action: "Write the name that the message asks for.",
  },
  github_permission_missing: {
    meaning: "The token may not do what an action asks of GitHub.",
    action: "Add the permission that the message names to the job, or give a token that has it.",
  },
  github_rate_limited: {
    meaning: "GitHub takes no more requests of this token for a long while.",
    action: "Run the job again after the time named, or give the token of an App.",
  },
  github_token_invalid: {
    meaning: "GitHub does not know the token.",
    action: "Leave the input token out, which takes the job's own, or give one that is in force.",
  },
  github_unavailable: {
    meaning: "GitHub did not answer, or answered that it failed, several times.",
    action: "Run the job again: what is done already is found and not done twice.",
  },
  input_invalid: {
    meaning: "An input of an action or an option of the command line has a value that it cannot have.",
    action: "Give the value that the message asks for.",
  },
  key_not_unique: {
    meaning: "Rows share a key or lack one, so that they cannot be told apart.",
    action: "Add a column to data.key, or repair the rows.",
  },
  label_not_binary: {
    meaning: "A binary task has a label value that is neither the positive nor the negative class.",
    action: "Correct the data (data.missing, trim), or use multiclass-classification.",
  },
  label_not_number: {
    meaning: "The label of a regression is not a number.",
    action: "Name a column of numbers, or choose a classification task.",
  },
  lock_invalid: {
    meaning: "data.lock.json is not one that this version understands.",
    action: "Write it again with mlops collect --lock.",
  },
  model_class_unknown: {
    meaning: "The positive class is not among the classes of the model.",
    action: "Set positive to the class as the model spells it, or train the model on these labels.",
  },
  model_input_type: {
    meaning: "A column cannot be given to the model in the type that its input has.",
    action: "Change the column in features.sql, or export the model with another input type.",
  },
  model_input_unmatched: {
    meaning: "The model has an input that no feature column fits.",
    action: "Give the column the name of the input in features.sql, or export the model with one input a column.",
  },
  model_invalid: {
    meaning: "onnxruntime cannot open or run the model file.",
    action: "Export the model again; a Git LFS or DVC pointer must be pulled first.",
  },
  model_output_unknown: {
    meaning: "The outputs of the model do not fit the task.",
    action:
      "Check the task, or export the model with label and probabilities (classification) or one number a row (regression).",
  },
  native_module_missing: {
    meaning: "DuckDB or onnxruntime could not be found or installed.",
    action: "Run npm ci, or the setup action, on a machine with npm and glibc.",
  },
  no_features: {
    meaning: "No column is left that could tell rows apart.",
    action: "Name fewer columns in data.drop, or select features in features.sql.",
  },
  no_rows_to_evaluate: {
    meaning: "There is no row with a known label to evaluate on.",
    action: "Check the label column, the split and the missing markers.",
  },
  not_built_yet: {
    meaning: "model.yml asks for something that this version parses but does not do yet.",
    action: "Remove that part or wait for the version that has it.",
  },
  param_invalid: {
    meaning: "A parameter in train.params is not one that the learner has, or has a value that it cannot have.",
    action: "Correct it as the message says; the parameters of linear are in docs/training.md.",
  },
  positive_unknown: {
    meaning: "A binary task needs to know which label is the positive class.",
    action: "Name it with data.positive or --positive.",
  },
  previous_step_missing: {
    meaning: "A step was asked for before the step that makes its input.",
    action: "Run the named command first, or mlops run for all of them.",
  },
  previous_step_stale: {
    meaning:
      "model.yml, or a file that an earlier step read, changed since that step ran, so that its result is of another time.",
    action: "Run the named command again, or mlops run, which does what changed.",
  },
  artifacts_unavailable: {
    meaning:
      "GitHub's artifact service did not take the file in which a decision is kept, so that nothing was published.",
    action: "Run the job again; GitHub Enterprise Server has no such service.",
  },
  pull_request_missing: {
    meaning: "The pull request that was asked for is not there, or the token may not see it.",
    action: "Grant the job pull-requests: read, and give the number of a pull request of this repository.",
  },
  release_differs: {
    meaning: "A release has other bytes than those that were approved.",
    action: "Register the model under a new version; a published release is never changed.",
  },
  score_invalid: {
    meaning: "A score is not a probability in [0, 1].",
    action: "Give probabilities of the positive class.",
  },
  slice_not_number: {
    meaning: "A slice column is to be cut at quantiles and holds no numbers.",
    action: "Name the column alone: each of its values is then a slice.",
  },
  source_columns_differ: {
    meaning: "The files of one source have different columns.",
    action: "Give them the same columns, or make two sources of them.",
  },
  source_empty: {
    meaning: "A source has no rows.",
    action: "Write the file again, with a header and rows.",
  },
  source_is_pointer: {
    meaning: "A Git LFS or DVC pointer lies where the data should be.",
    action: "Run git lfs pull or dvc pull.",
  },
  source_unreadable: {
    meaning: "A source's file cannot be read as what its name says.",
    action: "Repair or convert the file as the message says.",
  },
  spec_conflict: {
    meaning: "Two entries of model.yml or mlops.yml do not go together, or one of several must be chosen.",
    action: "Keep the one that is meant.",
  },
  spec_duplicate: {
    meaning: "A key, name or column is given twice in model.yml or mlops.yml.",
    action: "Keep one of the two.",
  },
  spec_invalid_value: {
    meaning: "A value in model.yml or mlops.yml is of the right type but not one of those allowed.",
    action: "Change it to one of the values that the message names.",
  },
  spec_missing_key: {
    meaning: "model.yml or mlops.yml lacks a key that is needed, by itself or because of another one.",
    action: "Add the key at the place that the message names.",
  },
  spec_not_text: {
    meaning: "The file given as model.yml or mlops.yml is not UTF-8 text.",
    action: "Name the right file, or save it as UTF-8.",
  },
  spec_syntax: {
    meaning: "model.yml or mlops.yml is not valid YAML.",
    action: "Correct the indentation, quotes or brackets at the line and column named.",
  },
  spec_too_large: {
    meaning: "The file given as model.yml or mlops.yml is over 1 MB.",
    action: "Name the spec, not the data.",
  },
  spec_too_many_mistakes: {
    meaning: "More mistakes were found than are worth listing.",
    action: "Repair those that are shown and run again.",
  },
  spec_unknown_key: {
    meaning: "model.yml or mlops.yml has a key that is not known at its place.",
    action: "Correct the spelling to the key that the message names, or remove it.",
  },
  spec_wrong_type: {
    meaning: "A value in model.yml or mlops.yml is of another type than needed, such as a text for a number.",
    action: "Write it as the message says; quotes make a text of a number.",
  },
  split_empty: {
    meaning: "The train or the test part has no rows.",
    action: "Change data.test or data.valid, or collect more rows.",
  },
  table_unreadable: {
    meaning: "A file that was named as a table is not a readable CSV or Parquet file.",
    action: "Give a CSV with a header or a Parquet file; pull a Git LFS or DVC pointer first.",
  },
  threshold_undecided: {
    meaning: "The validation part cannot choose the threshold that evaluate.threshold asks for.",
    action: "Give it rows of both classes (data.valid.share) and a model with scores, or write a fixed threshold.",
  },
  task_mismatch: {
    meaning: "The data do not fit the task.",
    action: "Choose the task that the message names.",
  },
  time_not_ordered: {
    meaning: "The time column holds texts that are not all dates, times or numbers.",
    action: "Repair those rows, or name another column.",
  },
  trainer_failed: {
    meaning: "The training command ended with an error, or did not end in time.",
    action: "Read the last lines of its output above; run it by hand with the same variables.",
  },
  trainer_output_invalid: {
    meaning: "The training command left no model, or one that cannot be taken.",
    action: "Leave model.onnx (or a valid model.json with its files) in the folder that MLOPS_OUT names.",
  },
  training_impossible: {
    meaning: "The training part has no labelled rows, or one class only.",
    action: "Check the label column, the missing markers and the split, then collect again.",
  },
  own_metric_invalid: {
    meaning: "The SQL of a metric in evaluate.own_metrics cannot be used.",
    action: "Write one expression over the row and its prediction that gives a number, true, false or null.",
  },
  weight_invalid: {
    meaning: "The weight column holds a text, a negative or an infinite value.",
    action: "Make numbers of 0 or more of it.",
  },
} as const satisfies Record<string, CodeText>;

/** Reason codes of outcomes: why a verdict is what it is. */
export const reasonCodes = {
  baseline_not_beaten: {
    meaning: "The test rows do not show that the model is better than the naive baseline.",
    action: "Improve the model, or collect more test rows; a task that a naive rule solves as well may need no model.",
  },
  artifact_missing: {
    meaning:
      "The pull request's run left no artifact of the model, or one without a model: its job or its training failed, was cancelled or did not run.",
    action: "Look at the workflow run of the pull request, repair what broke it, and run it again.",
  },
  artifact_refused: {
    meaning: "The artifact of the pull request's run is not what a run uploads, so nothing of it was read.",
    action: "Read why; run the pull request's workflow again and upload the run folder as the template does.",
  },
  claimed_not_rescored: {
    meaning:
      "The scoring job cannot have the test rows, or the model is new to the default branch: the numbers are the pull request's own.",
    action:
      "Let the scoring job collect the default branch's data, or merge the model.yml of a new model first; accept_claimed in mlops.yml says whether such numbers count and may be approved.",
  },
  model_not_scored: {
    meaning: "The model could not be scored: it took too long or too much memory, broke, or does not answer the rows.",
    action: "Read the finding; correct the model, or raise scoring-minutes or scoring-memory of the scoring job.",
  },
  card_written: {
    meaning: "The model card was written from the run's evidence.",
    action: "Read it; write the sections that are missing in model-card.md beside model.yml.",
  },
  models_touched: {
    meaning: "The change touches at least one model.",
    action: "Nothing; a job runs for each of them.",
  },
  no_model_touched: {
    meaning: "The change touches no model: nothing has to be trained or evaluated.",
    action:
      "Nothing; where a model should have been touched, name the path in its inputs or list its model.yml in mlops.yml.",
  },
  approved: {
    meaning: "Every model that the pull request touches has the approvals that mlops.yml asks for.",
    action: "Nothing more is needed; merge it.",
  },
  approval_waiting: {
    meaning: "Approvals are missing, or the newest commit has no report yet.",
    action: "Read in the check mlops / approval who may approve; a comment of /status says it too.",
  },
  approval_rejected: {
    meaning: "Somebody who may approve rejected a model.",
    action: "Read the reason; after another report, or when it is withdrawn, it no longer holds.",
  },
  nothing_asked: {
    meaning: "The event holds no command and changes no approval.",
    action: "Nothing; it was not meant for this.",
  },
  nothing_to_plan: {
    meaning: "The workflow run that ended was for no merge group and no open pull request into the default branch.",
    action: "Nothing; a pull request that was pushed to again has a run of its own.",
  },
  plan_refused: {
    meaning:
      "The change has mistakes in model.yml or mlops.yml, or does something with names, runners or the number of models that cannot be.",
    action: "Do what the errors among the findings say.",
  },
  data_collected: {
    meaning: "The sources were read, cleaned, split and written as a snapshot.",
    action: "Nothing; look at the notes of what cleaning changed.",
  },
  data_invalid: {
    meaning: "The data break a declared rule, or nothing can be learned or measured from them.",
    action: "Repair the rows that the findings name, or change the rule in model.yml.",
  },
  data_valid: {
    meaning: "No check of the data found an error; warnings may be there.",
    action: "Read the warnings, if any.",
  },
  gate_failed: {
    meaning: "At least one gate does not hold: its interval lies on the wrong side of the bound.",
    action: "Read which gate and why; improve the model or argue for another bound.",
  },
  gate_inconclusive: {
    meaning: "No gate fails, but the test rows cannot decide at least one.",
    action: "Collect the number of test rows that the gate names, or set on_inconclusive: warn for it.",
  },
  gates_pass: {
    meaning: "Every gate holds within its confidence interval.",
    action: "Nothing; the model may go on.",
  },
  lock_differs: {
    meaning: "A source is not the one that data.lock.json pins.",
    action: "Restore the pinned file, or accept the new one with mlops collect --lock.",
  },
  model_trained: {
    meaning: "A model was trained and written to the run folder.",
    action: "Nothing; evaluate it.",
  },
  no_gates: {
    meaning: "model.yml declares no gates, so nothing was asked of the model but to beat its baseline.",
    action: "Write evaluate.gates in model.yml.",
  },
  test_one_class: {
    meaning: "All test rows have the same label, so that a guess that always names it is right as well.",
    action: "Collect test rows of another class, or split the data in another way; then evaluate again.",
  },
  no_test_rows: {
    meaning: "There are no rows to evaluate on.",
    action: "Enlarge the test part: data.test in model.yml.",
  },
  predictions_not_finite: {
    meaning: "The model gave NaN or an infinite number for some rows, on which no metric has a value.",
    action:
      "Look at the rows that are named: impute missing values before the model or inside it, and repair what divides by 0.",
  },
  report_written: {
    meaning: "The report was written from the outcomes of the run.",
    action: "Read it: its first three lines say whether to ship and why.",
  },
} as const satisfies Record<string, CodeText>;

/** Codes of findings: one observation about data, model or evaluation. */
export const findingCodes = {
  gates_changed: {
    meaning:
      "The change edits gates, or what else decides the verdict: metrics, checks of data, the split, the baseline.",
    action: "Review that before anything else: a lower bar passes a worse model.",
  },
  approvals_changed: {
    meaning: "The change edits who must approve what: approvals or roles of mlops.yml, or CODEOWNERS.",
    action: "Review that before anything else; the base branch's rules hold until it is merged.",
  },
  policy_changed: {
    meaning: "The change edits other rules: of mlops.yml, or the stages, deployment or monitoring of a model.",
    action: "Review that before anything else; the base branch's rules hold until it is merged.",
  },
  workflows_changed: {
    meaning: "The change edits workflows or actions: what runs, with which permissions.",
    action: "Review that before anything else: such a file can do whatever its token may.",
  },
  plan_mistake: {
    meaning: "Something that the plan needs cannot be read: a model.yml or mlops.yml with a mistake, or a commit.",
    action: "Repair it as the message says.",
  },
  model_name_conflict: {
    meaning: "A model.yml has a name that belongs to another one, or another name than mlops.yml gives to it.",
    action: "Give it its own name, or change models in mlops.yml in a pull request of its own.",
  },
  model_renamed: {
    meaning: "The change gives a model another name: under it there are no versions, approvals or history.",
    action: "Keep the name, unless a new model is meant.",
  },
  model_removed: {
    meaning: "The change deletes a model.yml.",
    action: "Make sure that no stage serves the model any more; then also take it out of mlops.yml.",
  },
  model_unlisted: {
    meaning: "mlops.yml lists the models, and a new one is not among them.",
    action: "Add it to models in mlops.yml.",
  },
  model_file_missing: {
    meaning: "mlops.yml lists a model.yml that is not there.",
    action: "Correct the path in mlops.yml, or take the model out of it.",
  },
  model_unreadable: {
    meaning: "A model.yml that the change does not touch cannot be read.",
    action: "Repair it; until then, any change in its folder fails the plan with its mistakes.",
  },
  runner_unknown: {
    meaning: "train.runner names a runner that the base branch's mlops.yml does not have.",
    action: "Add it to runners in mlops.yml in a pull request of its own, or correct the name.",
  },
  runner_hosted: {
    meaning: "A pull request from a fork runs on a hosted machine, whatever train.runner says.",
    action: "Nothing; somebody with write access can run it from a branch of the repository.",
  },
  matrix_too_large: {
    meaning: "The change touches more models than GitHub starts jobs from one matrix (256).",
    action: "Split the change, or have the workflow plan for parts of the repository.",
  },
  model_new: {
    meaning:
      "The default branch does not have this model, so that the pull request's own model.yml and rows judge it: a claim.",
    action: "Review its model.yml and data as a whole: nothing else judges it.",
  },
  artifact_missing: {
    meaning: "The pull request's run left no artifact of the model, or one without a model.",
    action: "Read the log of the pull request's own run, repair what broke it, and push or write /rerun.",
  },
  artifact_refused: {
    meaning: "The artifact of the pull request's run holds what no run leaves.",
    action: "Read what it was; upload the run folder as the workflow template does, and add nothing to it.",
  },
  claim_differs: {
    meaning: "The pull request's own numbers, gates or commit are not those that the default branch found.",
    action: "Believe what was measured again; ask the author where the difference comes from.",
  },
  model_not_scored: {
    meaning: "The process that loads the untrusted model was ended, broke, or gave no answers.",
    action: "Correct the model, or raise scoring-minutes or scoring-memory of the scoring job.",
  },
  scored_apart: {
    meaning: "The untrusted model was loaded in a process without environment, credentials and labels, within limits.",
    action: "Nothing; the limits are inputs of the scoring job.",
  },
  test_rows_changed: {
    meaning:
      "The pull request was tested on other rows than the default branch has: some are gone or have other labels.",
    action: "Look at what it changes in the data; appended rows are normal, others need a reason.",
  },
  test_rows_readable: {
    meaning: "The pull request's run could read the test rows, so that the model may have learned them.",
    action: "Seal the test set (data.test.source) where that must be ruled out.",
  },
  label_never_predicted: {
    meaning: "A class that test rows have as their label is never predicted: its recall is 0.",
    action:
      "Look at the threshold (evaluate.threshold, --threshold), at how many training rows have that class, and at how predictions spell it.",
  },
  prediction_never_label: {
    meaning: "A class is predicted that no test row has as its label: these rows count as wrong.",
    action: "Spell classes alike in labels and predictions, or collect test rows of that class.",
  },
  test_one_row: {
    meaning: "There is a single test row: it shows nothing of other rows.",
    action: "Collect more test rows, or enlarge the test part (data.test).",
  },
  feature_missing_costly: {
    meaning:
      "Where the values of one feature are missing, the model loses more than half of what it gains over the baseline, for certain.",
    action: "Make sure that it is there when the model is used, or train with rows that lack it.",
  },
  feature_missing_unanswered: {
    meaning: "The model gives no usable answer where the values of one feature are missing.",
    action: "Fill them in features.sql (coalesce), or give the model a way to take missing values.",
  },
  test_set_worn: {
    meaning: "The same test rows have judged as many models as model.yml allows: results on them say less and less.",
    action:
      "Set fresh test rows apart (newer data, another hash share or a sealed test set), or raise evaluate.test_uses.limit.",
  },
  card_section_unwritten: {
    meaning: "A section of the model card that only a person can write is empty.",
    action: "Write it in model-card.md beside model.yml; mlops card --write makes that file.",
  },
  cells_cleaned: {
    meaning: "Cleaning changed cells of a column: white space, missing markers, or texts that mean not-a-number.",
    action: "Nothing, when the counts are expected.",
  },
  class_imbalance: {
    meaning: "One class is rare: under 10 % of the rows (note) or under 1 % (warning).",
    action:
      "Judge by metrics that do not reward the majority guess, such as average_precision; collect more rows of that class.",
  },
  column_all_missing: {
    meaning: "A column has no value at all.",
    action: "Drop it in model.yml, or repair its source.",
  },
  column_constant: {
    meaning: "A column has the same value in every row, so nothing can be learned from it.",
    action: "Drop it in model.yml, or repair its source.",
  },
  column_missing: {
    meaning: "A column with a declared rule is not in the data.",
    action: "Correct the name, or write required: false.",
  },
  conflicting_labels: {
    meaning: "Rows with the same features have different labels: no model can get all of them right.",
    action: "Correct the labels, or add the feature that tells the rows apart.",
  },
  duplicate_rows: {
    meaning: "Rows repeat an earlier row in every column.",
    action: "Set drop_duplicates: true if they are copies by mistake.",
  },
  duplicates_dropped: {
    meaning: "Rows equal to an earlier one were left out (data.drop_duplicates).",
    action: "Nothing, when the count is expected.",
  },
  feature_ignored: {
    meaning: "A feature counts nothing in the model: it has no value, or the same one, in every training row.",
    action: "Drop the column, or repair the source that should fill it.",
  },
  feature_like_key: {
    meaning:
      "A text feature has nearly as many different values as there are training rows, so the model can learn it by heart.",
    action: "Name it in data.key or data.drop, or set train.params.min_frequency.",
  },
  gate_failed: {
    meaning: "A gate does not hold: its interval lies on the wrong side of the bound.",
    action: "Improve the model on what the gate measures, or discuss the bound in model.yml.",
  },
  gate_inconclusive: {
    meaning: "A gate could not be decided: its interval contains the bound, or what it compares with is missing.",
    action: "Collect more test rows (the message says how many) or set on_inconclusive: warn.",
  },
  infinite_values: {
    meaning: "A column holds infinity, which most learners cannot use.",
    action: "Find the division by zero that made it, or declare it as missing.",
  },
  key_duplicated: {
    meaning: "Two rows have the same key.",
    action: "Name all columns that make the key, or repair the source.",
  },
  key_missing: {
    meaning: "Rows have no value in a key column.",
    action: "Fill the key, or name another one.",
  },
  label_leakage_suspected: {
    meaning: "One column alone almost determines the label; often it was written down after the outcome was known.",
    action: "Drop it in model.yml unless its value is known when the model is asked.",
  },
  label_missing: {
    meaning: "Rows have no label; nothing is learned from them and test rows without one are not evaluated.",
    action:
      "Fill the labels, drop those rows, or allow them: data.expect.columns.<label>.missing with the share that may be missing.",
  },
  label_many_classes: {
    meaning: "The label of a binary task has more than two values.",
    action: "Use multiclass-classification, or make a label of two values.",
  },
  group_only_one: {
    meaning: "All test rows are of one group (data.group): no number has an interval, and gates stay inconclusive.",
    action: "Test on rows of more groups, or correct data.group.",
  },
  label_one_class: {
    meaning: "All labels of a part are the same: nothing can be learned from it or measured on it.",
    action: "Collect rows of another class, or split the data in another way.",
  },
  label_unseen: {
    meaning: "Test rows have a label that the model does not know; they count as wrong.",
    action: "Train on data with that class, or correct the label.",
  },
  leading_zeros_kept: {
    meaning: "A column of digits has leading zeros and was kept as text, since codes such as 00123 are not amounts.",
    action: "Declare type: integer or text under data.expect.columns to say which it is.",
  },
  levels_in_model: {
    meaning:
      "model.onnx holds the texts of a column that is sensitive or has over 200 of them; its reader can see them.",
    action:
      "Drop the column, group its values in features.sql, or keep the model file from those who may not see them.",
  },
  missing_share_too_high: {
    meaning: "More values are missing than the declared share.",
    action: "Repair the source, or raise the share in model.yml.",
  },
  mixed_types: {
    meaning: "Nearly all values of a column are of one type; because of a few others it was kept as text.",
    action: "Repair those rows or name their text in data.missing.",
  },
  not_unique: {
    meaning: "Values repeat in a column that is declared unique.",
    action: "Remove the copies, or the rule.",
  },
  part_empty: {
    meaning: "The train or the test part has no rows.",
    action: "Change the split in model.yml: its share, date or groups.",
  },
  pattern_mismatch: {
    meaning: "Values do not match the declared regular expression as a whole.",
    action: "Repair the values, or the pattern.",
  },
  positive_unknown: {
    meaning: "data.positive of model.yml is none of the labels in the data.",
    action: "Write the label as the data spell it; quote it in YAML when it is a word such as yes or a number.",
  },
  prediction_missing: {
    meaning: "The model gave no finite number (NaN or infinite) for some rows, on which no metric has a value.",
    action: "Look at the rows that the message names; impute missing values before the model or inside it.",
  },
  row_count_out_of_range: {
    meaning: "The data have fewer or more rows than declared.",
    action: "Look for a truncated or doubled source, or change the bounds.",
  },
  slice_found: {
    meaning:
      "For some rows the model is worse than for the others, beyond chance and corrected for the search; a warning where their loss is at least twice the others'.",
    action:
      "Look at what these rows have in common: too few of them in training, a missing feature, or a harder question. Declare the slice and a gate on it to keep it in view.",
  },
  solver_not_converged: {
    meaning: "The solver stopped before it reached the optimum.",
    action: "Raise train.params.max_iterations, or make the penalty stronger (a smaller C, a larger alpha).",
  },
  source_differs_from_lock: {
    meaning: "A source is not the one that data.lock.json pins.",
    action: "Restore the pinned file, or accept the new one with mlops collect --lock.",
  },
  source_unpinned: {
    meaning: "No data.lock.json pins the sources: another file under the same name would be taken.",
    action: "Run mlops collect --lock and commit data.lock.json.",
  },
  split_share_missed: {
    meaning: "A part of the split has far more or fewer rows than the share that was asked for.",
    action: "Split by smaller groups, change the share, or collect more rows.",
  },
  split_by_content: {
    meaning:
      "Without a key the split hashes whole rows: a new column or another missing marker moves rows between the parts.",
    action: "Name a key in model.yml (data.key).",
  },
  threshold_target_missed: {
    meaning: "No threshold reaches the target of evaluate.threshold on the validation part; the nearest one is used.",
    action: "Lower at_least, or improve the model until it can reach the target.",
  },
  time_missing: {
    meaning: "Rows without a time cannot be placed in time; they are in the train part.",
    action: "Fill the times.",
  },
  train_test_overlap: {
    meaning:
      "Rows of the test part are copies of rows that the model learns from: a warning up to 5 % of the test rows, an error above.",
    action: "Set drop_duplicates: true, or split by a group that keeps copies together.",
  },
  training_rows_skipped: {
    meaning: "Training rows were left out because their label or weight is missing.",
    action: "Repair the rows, or accept that the model does not learn from them.",
  },
  type_mismatch: {
    meaning: "Values do not read as the declared type, or the column is stored as another one.",
    action: "Repair the values, declare their marker as missing, or change the type.",
  },
  value_above_max: {
    meaning: "Values are above the declared maximum.",
    action: "Repair the values, or the bound.",
  },
  value_below_min: {
    meaning: "Values are below the declared minimum.",
    action: "Repair the values, or the bound.",
  },
  value_not_allowed: {
    meaning: "Values are not among those declared.",
    action: "Repair the values, or extend the list.",
  },
  values_infinite: {
    meaning: "A column has infinite numbers.",
    action: "Repair them, or bound the column in data.expect.",
  },
  errors_heavy_tailed: {
    meaning: "A few test rows make most of the squared error.",
    action: "Judge by mae or median_absolute_error, or predict the label's logarithm.",
  },
  scores_constant: {
    meaning: "The model gives every test row the same score.",
    action: "Look at its features: they may all be missing, or carry nothing about the label.",
  },
  weight_missing: {
    meaning: "Test rows have no weight; they count nothing.",
    action: "Fill the weights, or drop those rows.",
  },
} as const satisfies Record<string, CodeText>;

export type ErrorCode = keyof typeof errorCodes;
export type ReasonCode = keyof typeof reasonCodes;
export type FindingCode = keyof typeof findingCodes;

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(reasonCodes, code);
}

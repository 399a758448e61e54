/** Commands of the design that this version does not have: asked for, they say so in one sentence. */
export const plannedCommands = [
  { name: "init", description: "write a first model.yml" },
  { name: "profile", description: "profile any table" },
  { name: "register", description: "tag an approved model" },
  { name: "promote", description: "move a version to a stage" },
  { name: "deploy", description: "deploy a stage" },
  { name: "predict", description: "batch predictions" },
  { name: "serve", description: "serve a model over HTTP" },
  { name: "drift", description: "compare two tables" },
  { name: "retrain", description: "open a retraining pull request" },
  { name: "registry", description: "show, history, check and doctor of the registry" },
  { name: "verify", description: "verify a released model" },
  { name: "doctor", description: "check a repository's set-up" },
] as const;

import { sensitiveColumns } from "../data/roles.ts";
import type { Json } from "../kit/digest.ts";
import type { ModelSpec } from "../spec/model-spec.ts";

/**
 * Of model.yml, what decides on the model besides files: the whole of `train` but the runner, and the roles of the
 * columns. It is in train's step key, and evaluation compares the trained model with it.
 */
export function trainParameters({ task, train: chosen, data }: ModelSpec): Json {
  const { builtin, command, params, seed } = chosen;
  const { label, positive, drop, key, time, group, weight, features } = data;
  return {
    task,
    train: { builtin, command, params, seed },
    data: { label, positive, drop, key, time, group, weight, features },
    // Training evidence shows no values of these: marking a column is a reason to write it again.
    sensitive: [...sensitiveColumns(data)].sort(),
  };
}

import { type UserError, UserErrors } from "../../../src/kit/user-error.ts";
import { parseModel } from "../../../src/spec/load.ts";

const sections = {
  name: "name: income",
  task: "task: binary-classification",
  problem: "problem: { statement: Tell who earns more than 50K }",
  data: 'data: { source: data.csv, label: income, positive: ">50K" }',
  train: "train: { builtin: linear }",
  evaluate: "evaluate: {}",
} as const;

/** A valid model.yml, one section a line in this order: name, task, problem, data, train, evaluate. `null` leaves one out. */
export function aModelYml(
  changes: Partial<Record<keyof typeof sections, string | null>> & { more?: string } = {},
): string {
  const { more, ...changed } = changes;
  const lines = Object.values({ ...sections, ...changed }).filter((line) => line !== null);
  return `${[...lines, ...(more === undefined ? [] : [more])].join("\n")}\n`;
}

/** The mistakes that a model.yml of this text is refused for; none when it is taken. */
export function mistakesIn(text: string): readonly UserError[] {
  return mistakesOf(() => parseModel(text, "model.yml"));
}

/** The UserErrors that `read` throws; none when it throws nothing. */
export function mistakesOf(read: () => unknown): readonly UserError[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof UserErrors) return error.errors;
    throw error;
  }
}

/** `where code: message` of each mistake. */
export function described(errors: readonly UserError[]): string[] {
  return errors.map(({ where, code, message }) => `${where} ${code}: ${message}`);
}

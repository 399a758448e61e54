import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { hasCode } from "../../../kit/has-code.ts";
import { WorkflowMistake } from "../mistake.ts";
import { Step } from "../workflow-file.ts";

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Metadata = z.object({
  name: z.string(),
  inputs: z
    .record(z.string(), z.object({ required: z.boolean().default(false), default: Text.optional() }).nullable())
    .default({}),
  outputs: z.record(z.string(), z.object({ value: Text.optional() })).default({}),
  runs: z.union([
    z.object({ using: z.string().regex(/^node\d+$/), main: z.string() }),
    z.object({ using: z.literal("composite"), steps: z.array(Step) }),
  ]),
});

/** An action as its action.yml describes it. */
export interface Action extends z.infer<typeof Metadata> {
  folder: string;
}

/** Throws WorkflowMistake where there is none, and for one that runs in a container. */
export async function readAction(folder: string, uses: string): Promise<Action> {
  for (const name of ["action.yml", "action.yaml"]) {
    const text = await readIfAny(join(folder, name));
    if (text === null) continue;
    const parsed = Metadata.safeParse(parsedYaml(text, `${uses}: ${name}`));
    if (parsed.success) return { ...parsed.data, folder };
    throw new WorkflowMistake(
      `${uses} cannot be rehearsed: its ${name} is neither of a JavaScript nor of a composite action (${z.prettifyError(parsed.error)})`,
    );
  }
  const hint = uses.startsWith("./") ? "; an action of the repository itself needs a checkout before it" : "";
  throw new WorkflowMistake(`${uses}: there is no action.yml in ${folder}${hint}`);
}

function parsedYaml(text: string, place: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new WorkflowMistake(`${place} is no YAML`, { cause: error });
  }
}

async function readIfAny(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

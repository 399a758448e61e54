import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasCode } from "../kit/has-code.ts";

const Line = z.record(z.string(), z.json());
/** What a trainer can say of itself in training.json. */
const mostCharacters = 10_000;

/** The last line of the trainer's metrics.jsonl that is a JSON object; null without one. Its numbers are claims. */
export async function lastMetrics(folder: string): Promise<z.infer<typeof Line> | null> {
  const text = await readIfThere(join(folder, "metrics.jsonl"));
  const lines = text.split("\n").filter((line) => line.trim() !== "" && line.length <= mostCharacters);
  for (const line of lines.reverse()) {
    const parsed = Line.safeParse(parseJson(line));
    if (parsed.success) return parsed.data;
  }
  return null;
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WorkflowMistake } from "./mistake.ts";

const names = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"] as const;
type Name = (typeof names)[number];

/** The files by which one step tells the runner: what they hold when it has ended. */
export interface CommandFiles {
  environment: Readonly<Record<Name, string>>;
  read(): { outputs: Record<string, string>; env: Record<string, string>; path: string[]; summary: string };
}

/** Fresh and empty ones in the folder, which is emptied first. */
export function commandFiles(folder: string): CommandFiles {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const place = (name: Name) => join(folder, name.slice("GITHUB_".length).toLowerCase());
  const text = (name: Name) => readFileSync(place(name), "utf8");
  for (const name of names) writeFileSync(place(name), "");
  return {
    environment: {
      GITHUB_OUTPUT: place("GITHUB_OUTPUT"),
      GITHUB_ENV: place("GITHUB_ENV"),
      GITHUB_PATH: place("GITHUB_PATH"),
      GITHUB_STATE: place("GITHUB_STATE"),
      GITHUB_STEP_SUMMARY: place("GITHUB_STEP_SUMMARY"),
    },
    read: () => ({
      outputs: parsePairs("GITHUB_OUTPUT", text("GITHUB_OUTPUT")),
      env: environmentOf(parsePairs("GITHUB_ENV", text("GITHUB_ENV"))),
      path: text("GITHUB_PATH")
        .split("\n")
        .filter((line) => line !== ""),
      summary: text("GITHUB_STEP_SUMMARY"),
    }),
  };
}

function environmentOf(pairs: Record<string, string>): Record<string, string> {
  if (pairs.NODE_OPTIONS !== undefined)
    throw new WorkflowMistake(
      "NODE_OPTIONS cannot be set by GITHUB_ENV, as code of every later step would then be the step's",
    );
  return pairs;
}

/** Lines `name=value`, or `name<<delimiter` with lines up to the delimiter. */
function parsePairs(file: Name, text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const [, name, operator, rest = ""] = /^(.+?)(<<|=)(.*)$/s.exec(line) ?? [];
    if (name === undefined) throw new WorkflowMistake(`${file}: ${JSON.stringify(line)} is not of the form name=value`);
    if (operator === "=") {
      found[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end === -1)
      throw new WorkflowMistake(`${file}: the value of ${name} has no line ${JSON.stringify(rest)} at its end`);
    found[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return found;
}

import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Annotation } from "../state/records.ts";

const levels = { error: "failure", warning: "warning", notice: "notice" } as const;
const mostOfALevel = 10;

/** Values that no log shows; one set for a job. */
export type Masks = Set<string>;

/** What one step prints: written to a file with secrets masked; commands in it are obeyed as the runner does. */
export class StepLog {
  readonly annotations: Annotation[] = [];
  /** Set by `::set-output`. */
  readonly outputs: Record<string, string> = {};
  readonly #path: string;
  readonly #masks: Masks;
  #resumeToken: string | null = null;

  constructor(path: string, masks: Masks) {
    this.#path = path;
    this.#masks = masks;
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, "");
  }

  /** A line that a process printed. */
  line(text: string): void {
    const command = parseCommand(text);
    if (command !== null && command.name === this.#resumeToken) this.#resumeToken = null;
    else if (command === null || this.#resumeToken !== null) this.say(text);
    else this.#obey(command, text);
  }

  /** A line of the runner's own. */
  say(text: string): void {
    appendFileSync(this.#path, `${this.#masked(text)}\n`);
  }

  /** The step's part of the job's summary, in a file next to its log. */
  summary(markdown: string): void {
    writeFileSync(this.#path.replace(/\.log$/, ".summary.md"), this.#masked(markdown));
  }

  /** What the runner itself complains of. */
  error(message: string): void {
    this.#annotate("error", message, {});
  }

  warning(message: string): void {
    this.#annotate("warning", message, {});
  }

  #obey({ name, properties, value }: Command, text: string): void {
    switch (name) {
      case "error":
      case "warning":
      case "notice":
        this.#annotate(name, value, properties);
        break;
      case "add-mask":
        for (const line of [value, ...value.split("\n")]) if (line.trim() !== "") this.#masks.add(line.trim());
        break;
      case "stop-commands":
        this.#resumeToken = value;
        break;
      case "set-output":
        this.outputs[properties.name ?? ""] = value;
        break;
      case "group":
        this.say(`▾ ${value}`);
        break;
      case "endgroup":
      case "debug":
      case "echo":
      case "add-matcher":
      case "remove-matcher":
      case "save-state":
        break;
      default:
        this.say(text);
    }
  }

  #annotate(level: keyof typeof levels, message: string, properties: Readonly<Record<string, string>>): void {
    this.say(`${level}: ${message}`);
    const annotation_level = levels[level];
    if (this.annotations.filter((one) => one.annotation_level === annotation_level).length >= mostOfALevel) return;
    const line = Number(properties.line ?? 1);
    this.annotations.push({
      path: properties.file ?? ".github",
      start_line: line,
      end_line: Number(properties.endLine ?? line),
      start_column: null,
      end_column: null,
      annotation_level,
      title: properties.title ?? null,
      message: this.#masked(message),
      raw_details: null,
    });
  }

  #masked(text: string): string {
    return [...this.#masks].reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
  }
}

interface Command {
  name: string;
  properties: Readonly<Record<string, string>>;
  value: string;
}

/** `::name key=value,key=value::text`; null for any other line. */
function parseCommand(line: string): Command | null {
  const [, name, rest = "", value = ""] = /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line) ?? [];
  if (name === undefined) return null;
  const pairs = rest.split(",").flatMap((pair) => {
    const equals = pair.indexOf("=");
    return equals === -1 ? [] : [[pair.slice(0, equals).trim(), decoded(pair.slice(equals + 1), true)]];
  });
  return { name, properties: Object.fromEntries(pairs), value: decoded(value, false) };
}

function decoded(text: string, isProperty: boolean): string {
  const plain = text.replaceAll("%0D", "\r").replaceAll("%0A", "\n");
  const all = isProperty ? plain.replaceAll("%3A", ":").replaceAll("%2C", ",") : plain;
  return all.replaceAll("%25", "%");
}

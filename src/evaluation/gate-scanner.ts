/** A mistake in a gate's text; `column` is 1-based and points at the first character that is wrong. */
export interface GateError {
  message: string;
  fix: string;
  column: number;
}

/** Carries a GateError out of the parser; never leaves parseGate. */
export class GateSyntaxError extends Error {
  readonly error: GateError;

  constructor(error: GateError) {
    super(error.message);
    this.error = error;
  }
}

const space = /\s*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const bareWord = /[\p{L}\p{N}_.:/+-]+/uy;
const operator = />=|<=|==|!=|≥|≤|[<>=]/y;
const unit = /%|[\p{L}\p{Sc}]+/uy;

/** Reads a gate's text from left to right; every read skips white space first. */
export class GateScanner {
  readonly text: string;
  /** Brackets around conditions that are open at this place. */
  openBrackets = 0;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** 1-based column of the next thing. */
  get column(): number {
    this.skipSpace();
    return this.at + 1;
  }

  get atEnd(): boolean {
    this.skipSpace();
    return this.at >= this.text.length;
  }

  readName(): string | null {
    return this.read(name);
  }

  readNumber(): string | null {
    return this.read(number);
  }

  readOperator(): string | null {
    return this.read(operator);
  }

  /** A unit right behind a number: `%`, letters or a sign of money. */
  readUnit(): string | null {
    return this.read(unit);
  }

  /** Takes one sign or bracket if it comes next. */
  take(symbol: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(symbol, this.at)) return false;
    this.at += symbol.length;
    return true;
  }

  /** Takes a name if just this one comes next. */
  takeName(word: string): boolean {
    if (this.peekName() !== word) return false;
    this.readName();
    return true;
  }

  /** The next name without taking it. */
  peekName(): string | null {
    const before = this.at;
    const found = this.readName();
    this.at = before;
    return found;
  }

  /** A column name or a value: letters, digits and `_ . : / + -` as they are, anything else in quotes (`\"` and `\\` inside). */
  readWord(what: string): string {
    const column = this.column;
    const quote = this.text[this.at];
    if (quote === '"' || quote === "'") return this.readQuoted(quote);
    const word = this.read(bareWord);
    if (word !== null) return word;
    throw new GateSyntaxError({
      message: `${what} is missing here`,
      fix: `write ${what}; put it in quotes when it holds spaces or signs`,
      column,
    });
  }

  /** What comes next, for a message: `"foo"` or `the end`. */
  describeNext(): string {
    this.skipSpace();
    const rest = /^(?:[\p{L}\p{N}_.]+|.)/u.exec(this.text.slice(this.at));
    return rest === null ? "the end" : JSON.stringify(rest[0]);
  }

  private readQuoted(quote: string): string {
    const opened = this.at + 1;
    this.at += 1;
    let word = "";
    while (this.at < this.text.length) {
      const character = this.text[this.at];
      if (character === quote) {
        this.at += 1;
        return word;
      }
      if (character === "\\") this.at += 1;
      word += this.text[this.at] ?? "";
      this.at += 1;
    }
    throw new GateSyntaxError({
      message: "a quote is opened here and never closed",
      fix: `add ${quote} at its end`,
      column: opened,
    });
  }

  private read(pattern: RegExp): string | null {
    this.skipSpace();
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return null;
    this.at += match[0].length;
    return match[0];
  }

  private skipSpace(): void {
    space.lastIndex = this.at;
    this.at += space.exec(this.text)?.[0].length ?? 0;
  }
}

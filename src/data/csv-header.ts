// What a CSV's first bytes say: encoding, delimiter, names of the columns. The rows are DuckDB's to read.

/** Comma first: it wins when two fit equally well. */
const delimiters = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

export interface CsvHeader {
  delimiter: Delimiter;
  /** Trimmed, as written. */
  names: readonly string[];
}

export type CsvProblem =
  | { kind: "utf16" }
  | { kind: "not_utf8"; line: number }
  | { kind: "binary" }
  | { kind: "no_header" }
  | { kind: "delimiter_unclear"; likely: Delimiter; header: number; row: number; line: number }
  | { kind: "name_missing"; column: number }
  | { kind: "name_repeated"; name: string; first: number; second: number };

export type CsvHeaderResult = { ok: true; header: CsvHeader } | { ok: false; problem: CsvProblem };

/** Records looked at to choose the delimiter. */
const looked = 100;

/**
 * Reads the header from the head of a file; `whole` says that nothing follows `bytes`. A delimiter is taken when it
 * splits the header and every row that was looked at into the same number of fields, at least two; the one with most
 * fields wins. A file where none does, and no other than the comma splits the header, has one column or ragged rows.
 */
export function readCsvHeader(bytes: Uint8Array, whole: boolean): CsvHeaderResult {
  const decoded = decode(bytes, whole);
  if (typeof decoded !== "string") return { ok: false, problem: decoded };
  const counted = delimiters.map((delimiter) => consider(decoded, { delimiter, whole }));
  const fitting = counted.filter(({ header, odd }) => header > 1 && odd === null);
  const comma = counted.find(({ delimiter }) => delimiter === ",");
  if (comma === undefined || comma.names.every((name) => name === "")) return failed({ kind: "no_header" });
  const best = fitting.reduce((most, each) => (each.header > most.header ? each : most), fitting[0] ?? comma);
  if (best === comma && comma.header === 1) {
    const likely = counted.find(({ header }) => header > 1);
    if (likely?.odd)
      return failed({ kind: "delimiter_unclear", likely: likely.delimiter, header: likely.header, ...likely.odd });
  }
  return checkNames({ delimiter: best.delimiter, names: best.names });
}

function failed(problem: CsvProblem): CsvHeaderResult {
  return { ok: false, problem };
}

function decode(bytes: Uint8Array, whole: boolean): string | CsvProblem {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return { kind: "utf16" };
  if (bytes.subarray(0, 4096).includes(0)) return { kind: "binary" };
  // A cut in the middle of a character is no mistake: only whole lines are judged when more follows.
  const end = whole ? bytes.length : bytes.lastIndexOf(0x0a) + 1 || bytes.length - 4;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: "not_utf8", line: lineOfFirstBadByte(bytes.subarray(0, end)) };
  }
}

function lineOfFirstBadByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder("utf-8").decode(bytes);
  return lenient.slice(0, lenient.indexOf("\uFFFD")).split("\n").length;
}

interface Considered {
  delimiter: Delimiter;
  names: readonly string[];
  header: number;
  /** The first row of another width. */
  odd: { row: number; line: number } | null;
}

function consider(text: string, { delimiter, whole }: { delimiter: Delimiter; whole: boolean }): Considered {
  const records = splitRecords(text, delimiter, looked + 1);
  // The last record may be cut off by the end of the head.
  const rows = records
    .slice(1, whole || records.length > looked ? undefined : -1)
    .filter(({ fields }) => !isBlank(fields));
  const names = (records[0]?.fields ?? []).map((name) => name.trim());
  const odd = rows.find(({ fields }) => fields.length !== names.length);
  return {
    delimiter,
    names,
    header: names.length,
    odd: odd === undefined ? null : { row: odd.fields.length, line: odd.line },
  };
}

function isBlank(fields: readonly string[]): boolean {
  return fields.length === 1 && fields[0] === "";
}

interface CsvRecord {
  fields: string[];
  /** 1-based line where it begins. */
  line: number;
}

/** RFC 4180 with any line end: quotes hide delimiters and line ends; a doubled quote is one. */
function splitRecords(text: string, delimiter: string, most: number): CsvRecord[] {
  const records: CsvRecord[] = [];
  let record: CsvRecord = { fields: [], line: 1 };
  let field = "";
  let quoted = false;
  let line = 1;
  const endRecord = () => {
    record.fields.push(field);
    records.push(record);
    field = "";
    record = { fields: [], line };
  };
  for (let at = 0; at < text.length && records.length < most; at += 1) {
    const letter = text[at] ?? "";
    if (letter === "\n") line += 1;
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += letter;
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && field === "") quoted = true;
    else if (letter === delimiter) {
      record.fields.push(field);
      field = "";
    } else if (letter === "\n" || (letter === "\r" && text[at + 1] !== "\n")) endRecord();
    else if (letter !== "\r") field += letter;
  }
  if (records.length < most && (field !== "" || record.fields.length > 0)) endRecord();
  return records;
}

/** SQL does not tell `Age` from `age`. */
function checkNames(header: CsvHeader): CsvHeaderResult {
  const seen = new Map<string, number>();
  for (const [index, name] of header.names.entries()) {
    if (name === "") return failed({ kind: "name_missing", column: index + 1 });
    const first = seen.get(name.toLowerCase());
    if (first !== undefined) return failed({ kind: "name_repeated", name, first: first + 1, second: index + 1 });
    seen.set(name.toLowerCase(), index);
  }
  return { ok: true, header };
}

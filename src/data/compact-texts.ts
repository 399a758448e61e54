import { GrowingArray, shared } from "./growing-array.ts";

type Codes = Uint8Array | Uint16Array | Uint32Array;

/** `levels[codes[row]]` is the text; level 0 is the empty text, which stands for missing. Levels after it are sorted. */
export interface CompactTexts {
  kind: "text";
  name: string;
  codes: Codes;
  levels: readonly string[];
}

/**
 * A text column that is filled in: rows come as codes of texts known before (0: none of them), and texts that are not
 * known get codes of their own as they appear. Codes lie in shared memory.
 */
export class TextFiller {
  readonly #levels: string[];
  readonly #places = new Map<string, number>();
  #codes: GrowingArray<Codes>;
  #rows = 0;

  /** `known`: the texts with the codes 1, 2, …, sorted. */
  constructor(known: readonly string[], expectedRows: number) {
    this.#levels = ["", ...known];
    this.#codes = new GrowingArray((rows) => codesFor(rows, this.#levels.length), expectedRows);
  }

  /** The next rows. */
  addCodes(codes: Codes): void {
    this.#codes.withRoom(this.#rows + codes.length).set(codes, this.#rows);
    this.#rows += codes.length;
  }

  /** Gives a row that was added the code of a text that was not known. */
  setText(text: string, row: number): void {
    let code = this.#places.get(text);
    if (code === undefined) {
      code = this.#levels.push(text) - 1;
      this.#places.set(text, code);
      this.#widen();
    }
    this.#codes.withRoom(this.#rows)[row] = code;
  }

  finish(name: string): CompactTexts {
    const codes = this.#codes.withRoom(this.#rows).subarray(0, this.#rows);
    const levels = this.#levels;
    if (this.#places.size === 0) return { kind: "text", name, codes, levels };
    const sorted = ["", ...levels.slice(1).sort()];
    const placeOf = new Map(sorted.map((text, place) => [text, place]));
    // Level 0 stands for missing; an empty text that is one of the levels comes later, and so wins in the map.
    const places = levels.map((text, code) => (code === 0 ? 0 : (placeOf.get(text) ?? 0)));
    for (let row = 0; row < codes.length; row += 1) codes[row] = places[codes[row]];
    return { kind: "text", name, codes, levels: sorted };
  }

  #widen(): void {
    const codes = this.#codes.withRoom(this.#rows);
    if (this.#levels.length <= 256 ** codes.BYTES_PER_ELEMENT) return;
    const wider = new GrowingArray((rows) => codesFor(rows, this.#levels.length), codes.length);
    wider.withRoom(this.#rows).set(codes.subarray(0, this.#rows), 0);
    this.#codes = wider;
  }
}

function codesFor(rows: number, levels: number): Codes {
  if (levels <= 256) return new Uint8Array(shared(rows));
  return levels <= 65_536 ? new Uint16Array(shared(rows * 2)) : new Uint32Array(shared(rows * 4));
}

/** What is needed of a typed array to fill it. */
interface Fillable<From> {
  readonly length: number;
  set(from: From, offset: number): void;
}

/** A typed array for rows whose number nobody knows yet: its room doubles, and room that no row needs costs no memory. */
export class GrowingArray<Values extends Fillable<Values>> {
  readonly #make: (rows: number) => Values;
  #values: Values;

  /** `expected`: about how many rows will come; too few is slower, too many costs nothing. */
  constructor(make: (rows: number) => Values, expected: number) {
    this.#make = make;
    this.#values = make(expected);
  }

  /** With room for `rows` rows at least; valid until more are asked for. */
  withRoom(rows: number): Values {
    if (rows <= this.#values.length) return this.#values;
    const larger = this.#make(Math.max(rows, 2 * this.#values.length));
    larger.set(this.#values, 0);
    this.#values = larger;
    return larger;
  }
}

/** Shared memory: threads read it without a copy. */
export function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}

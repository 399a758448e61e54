import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Numbers in [0, 1), independent and uniform to 2⁻⁵³. */
export type Uniform = () => number;

// The generator's first outputs still show the seed's few bits.
const warmUp = 16;

/** A stream of uniform numbers from a seed (any 32-bit integer), the same on every machine. Source: xoroshiro128+, pure-rand. */
export function seededUniform(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  for (let skipped = 0; skipped < warmUp; skipped += 1) generator.next();
  return () => uniformFloat64(generator);
}

import { describe, expect, it } from "vitest";
import {
  type Asked,
  decodeReply,
  encodeRefusal,
  encodeReply,
  ReplyInvalid,
  type ScoringReply,
} from "../../../src/scoring/scoring-reply.ts";
import { fc } from "../../support/properties.ts";

const asked: Asked = { task: "binary-classification", positive: "yes", parts: [{ part: "test", rows: 3 }] };
const reply: ScoringReply = {
  parts: [
    {
      part: "test",
      answers: {
        task: "binary-classification",
        classes: ["no", "yes"],
        positive: 1,
        scores: Float64Array.of(0.25, Number.NaN, 0.75),
        predicted: Uint8Array.of(0, 0, 1),
        scorePrecision: "float32",
      },
    },
  ],
  timings: {
    single: { model: Float64Array.of(1, 2), reference: Float64Array.of(3, 4) },
    batches: [{ rows: 64, model: Float64Array.of(5) }],
  },
  tensors: { inputs: [{ name: "age", type: "float32" }], outputs: [] },
  claimed: { present: Float64Array.of(1, 0, 1), labels: Float64Array.of(0, Number.NaN, 1), added: 7 },
};
const bytes = (value: ScoringReply) => Buffer.concat(encodeReply(value));

/** A reply as the process might forge it: any header, any numbers. */
function forged(header: unknown, numbers: readonly number[]): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, Buffer.from(Float64Array.from(numbers).buffer)]);
}
const part = { part: "test", classes: ["no", "yes"], has_scores: true, score_precision: "float32" };
const header = { ok: true, parts: [part], timings: null, inputs: [], outputs: [], claimed: null };

describe("what the untrusted model's process says", () => {
  it("arrives as it was", () => {
    expect(decodeReply(bytes(reply), asked)).toEqual(reply);
  });

  it("may be a refusal, whose words are cut", () => {
    const said = decodeReply(Buffer.concat(encodeRefusal({ code: "model_invalid", message: "x".repeat(9000) })), asked);
    expect(said).toEqual({ code: "model_invalid", message: "x".repeat(2000) });
  });

  it.each<[string, Buffer, string]>([
    ["nothing", Buffer.alloc(0), "no header"],
    ["rubbish", Buffer.from("this is no reply"), "no header"],
    ["a header that is another", forged({ ok: true }, []), "its header is not one"],
    ["a number too few", forged(header, [0, 0, 1, 0.1, 0.2]), "1 numbers too few"],
    ["a number too many", forged(header, [0, 0, 1, 0.1, 0.2, 0.3, 1]), "1 numbers too many"],
    ["half a number", Buffer.concat([forged(header, [0, 0, 1]), Buffer.alloc(3)]), "within a number"],
    ["a class that is none", forged(header, [0, 2, 1, 0, 0, 0]), "predicts class number 2"],
    ["a class that is no place", forged(header, [0, 0.5, 1, 0, 0, 0]), "predicts class number 0.5"],
    ["another part", forged({ ...header, parts: [{ ...part, part: "valid" }] }, []), "no answers for the test part"],
    ["a part too many", forged({ ...header, parts: [part, part] }, [0, 0, 1, 0, 0, 0]), "not asked for"],
    [
      "other classes",
      forged({ ...header, parts: [{ ...part, classes: ["a", "b"] }] }, [0, 0, 1, 0, 0, 0]),
      "not the positive one",
    ],
    [
      "a class twice",
      forged({ ...header, parts: [{ ...part, classes: ["yes", "yes"] }] }, [0, 0, 1, 0, 0, 0]),
      "not two or more",
    ],
    [
      "a time before it began",
      forged({ ...header, timings: { single: 1, batches: [] } }, [0, 0, 1, 0, 0, 0, -1, 1]),
      "its times are none",
    ],
  ])("is refused where it is %s", (_, said, why) => {
    expect(() => decodeReply(said, asked)).toThrow(ReplyInvalid);
    expect(() => decodeReply(said, asked)).toThrow(why);
  });

  it("never does anything but be taken or refused, whatever byte is another", () => {
    const whole = bytes(reply);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, end) => {
        const changed = Buffer.from(whole.subarray(0, end));
        if (at < changed.length) changed[at] = value;
        try {
          decodeReply(changed, asked);
        } catch (error) {
          expect(error).toBeInstanceOf(ReplyInvalid);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("gives the place of the positive class as it was asked for, not as it is told", () => {
    const swapped = forged({ ...header, parts: [{ ...part, classes: ["yes", "no"] }] }, [0, 0, 1, 0, 0, 0]);
    expect(decodeReply(swapped, asked)).toMatchObject({ parts: [{ answers: { positive: 0 } }] });
  });
});

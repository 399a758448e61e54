import { expect, it } from "vitest";
import { camelCase, kebabCase, snakeCase } from "../../../src/kit/names.ts";
import { fc } from "../../support/properties.ts";

it("spells one name three ways", () => {
  expect(kebabCase("modelFile")).toBe("model-file");
  expect(snakeCase("modelFile")).toBe("model_file");
  expect(camelCase("model-file")).toBe("modelFile");
  expect(camelCase("model_file")).toBe("modelFile");
});

it("comes back to the same name from both spellings", () => {
  const names = fc.stringMatching(/^[a-z]+([A-Z][a-z]+)*$/);
  fc.assert(
    fc.property(names, (name) => {
      expect(camelCase(kebabCase(name))).toBe(name);
      expect(camelCase(snakeCase(name))).toBe(name);
    }),
  );
});

import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";

interface Description {
  /** What refers to each other by `$ref: <prefix><name>`. */
  schemas: Readonly<Record<string, unknown>>;
  prefix: string;
  /** One object of a schema in the dialect that ajv knows; what lies inside it is done already. */
  adapt(schema: Record<string, unknown>): Record<string, unknown>;
  /** Beside those of ajv-formats. */
  formats: Readonly<Record<string, RegExp | ((text: string) => boolean)>>;
}

const base = "https://schemas.example/";

/**
 * Schemas of a description of many megabytes, each given to ajv when something refers to it: to give it all takes seconds, and
 * every file of tests would pay them.
 */
export class LazySchemas {
  readonly #description: Description;
  readonly #ajv: Ajv;
  readonly #added = new Set<string>();
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(description: Description) {
    this.#description = description;
    // Without the optimiser: it takes ten times as long as all the checking.
    this.#ajv = new Ajv({
      strict: false,
      validateSchema: false,
      allErrors: true,
      inlineRefs: false,
      code: { optimize: false },
    });
    formats.default(this.#ajv);
    for (const [name, format] of Object.entries(description.formats)) this.#ajv.addFormat(name, format);
  }

  /** What a value breaks of a schema, in sentences that begin with `what`. `key`: a name of the schema, to compile it once. */
  complaints(key: string, schema: () => unknown, { value, what }: { value: unknown; what: string }): string[] {
    const validate = this.#validators.get(key) ?? this.#compiled(schema());
    this.#validators.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  #compiled(schema: unknown): ValidateFunction {
    const prepared = this.#prepared(schema);
    if (typeof prepared !== "object" || prepared === null) throw new Error("this is no schema");
    return this.#ajv.compile(prepared);
  }

  #prepared(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((inner) => this.#prepared(inner));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" ? this.#referred(inner) : this.#prepared(inner),
    ]);
    return this.#description.adapt(Object.fromEntries(entries));
  }

  /** Makes sure that what is referred to is there, and gives its new name. */
  #referred(ref: unknown): unknown {
    const { prefix, schemas } = this.#description;
    // A property can be called so, too.
    if (typeof ref !== "string") return this.#prepared(ref);
    if (!ref.startsWith(prefix)) throw new Error(`${ref} is not followed here`);
    const name = ref.slice(prefix.length);
    const address = base + encodeURIComponent(name);
    if (this.#added.has(name)) return address;
    this.#added.add(name);
    const prepared = this.#prepared(schemas[name]);
    if (typeof prepared !== "object" || prepared === null) throw new Error(`${ref} leads nowhere`);
    this.#ajv.addSchema(prepared, address);
    return address;
  }
}

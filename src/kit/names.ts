// One name in three spellings: `modelFile` in TypeScript, `model-file` in YAML and on the command line, `model_file` in JSON.

/** `modelFile` → `model-file`. */
export function kebabCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `modelFile` → `model_file`. */
export function snakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `model-file` or `model_file` → `modelFile`. */
export function camelCase(name: string): string {
  return name.replace(/[-_]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

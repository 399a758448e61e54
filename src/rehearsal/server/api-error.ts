/** One mistake of a request, as GitHub lists it in an answer with status 422. */
export interface FieldError {
  resource: string;
  field: string;
  code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  message?: string;
  value?: unknown;
}

/** An answer that is a refusal; handlers throw it, the server sends it. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    details: { errors?: readonly FieldError[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.errors = details.errors;
    this.headers = details.headers ?? {};
  }
}

export function notFound(): ApiError {
  return new ApiError(404, "Not Found");
}

export function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

export function invalid(...errors: FieldError[]): ApiError {
  return new ApiError(422, "Validation Failed", { errors });
}

/** A 422 without a list of fields. */
export function unprocessable(message: string): ApiError {
  return new ApiError(422, message);
}

/** A refusal of the services of Actions, which have codes of their own. */
export class ServiceError extends Error {
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.name = "ServiceError";
    this.code = code;
  }
}

const statusOf = {
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
} as const;
type Code = keyof typeof statusOf;

export function serviceRefusal({ code, message }: ServiceError): Response {
  return Response.json({ code, msg: message }, { status: statusOf[code] });
}

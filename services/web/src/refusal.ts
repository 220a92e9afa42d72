import { DomainError } from "@botfactory/decider";
import { MongoError } from "mongodb";

interface HttpError {
  readonly status: number;
  readonly limit?: unknown;
}

/** Whatever was thrown while a request was answered, as the one kind of error people are shown. */
export function refusalOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  // Sessions are in MongoDB: without it nobody can be recognised, which is an outage and not a bug.
  if (error instanceof MongoError) return new DomainError("unavailable", "unavailable", { cause: error });
  return isHttpError(error) ? ofHttpError(error) : undefined;
}

// Errors of express and its body parser carry a status meant for the client.
function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && "status" in error && typeof error.status === "number" && error.status < 500;
}

function ofHttpError(error: HttpError): DomainError {
  switch (error.status) {
    case 413:
      return new DomainError("invalid", "body_too_large", {
        params: { limit: String(error.limit ?? "") },
        cause: error,
      });
    case 415:
      return new DomainError("invalid", "media_type_unsupported", { cause: error });
    case 404:
      return new DomainError("not-found", "not_found", { cause: error });
    default:
      return new DomainError("invalid", "body_invalid", { cause: error });
  }
}

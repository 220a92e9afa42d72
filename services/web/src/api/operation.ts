import type { z } from "zod";

export type Access = "owner" | "admin";

/** One row of the route table: all that express, the OpenAPI document and a client need to know of a route. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below /api/v1, parameters as in OpenAPI: `/bots/{botId}`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: 200 | 201;
  readonly answer: z.ZodType;
  /** Codes of refusals a client must expect beside those any operation may give. */
  readonly refusals: readonly string[];
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler of the operation receives, parsed. */
export interface Input<Of extends Operation> {
  readonly params: Parsed<Of["params"]>;
  readonly query: Parsed<Of["query"]>;
  readonly body: Parsed<Of["body"]>;
}

/** What a handler of the operation answers. */
export type Answer<Of extends Operation> = z.output<Of["answer"]>;

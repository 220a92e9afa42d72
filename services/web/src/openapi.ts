import { z } from "zod";
import type { Operation } from "./api/operation.ts";
import { operations } from "./api/operations.ts";
import { problem } from "./api/problem.ts";
import { cookieName } from "./auth/cookie-options.ts";

type Json = Readonly<Record<string, unknown>>;

// Any request may meet these; an operation names only what is its own.
const ALWAYS = { 400: "Not understood", 401: "Not signed in", 403: "Not allowed", 404: "Not there", 500: "A bug" };

/** The OpenAPI 3.1 document, made from the route table. */
export function openApiDocument(publicUrl: string) {
  const components = new Map<string, unknown>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(id, operation, components) };
  }
  schemaOf(problem, "output", components);
  return {
    openapi: "3.1.0",
    info: { title: "BotFactory", version: "1", description: "AI bots in Telegram: the owner's API." },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ session: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(components),
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: cookieName("botfactory", publicUrl) },
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      },
    },
  };
}

function describe(operationId: string, operation: Operation, components: Map<string, unknown>): Json {
  const { summary, access, params, query, body, status, answer, refusals } = operation;
  const problems = Object.entries({
    ...ALWAYS,
    default: `Problem. Codes: ${refusals.join(", ") || "none of its own"}`,
  });
  return {
    operationId,
    summary,
    "x-access": access,
    parameters: [...parametersOf(params, "path", components), ...parametersOf(query, "query", components)],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            // No body is read as an empty one, which is right where nothing in it is required.
            required: !body.safeParse({}).success,
            content: { "application/json": { schema: schemaOf(body, "input", components) } },
          },
        }),
    responses: {
      [status]: {
        description: "Done",
        content: { "application/json": { schema: schemaOf(answer, "output", components) } },
      },
      ...Object.fromEntries(problems.map(([key, description]) => [key, problemAnswer(description)])),
    },
  };
}

function parametersOf(schema: z.ZodObject | undefined, place: "path" | "query", components: Map<string, unknown>) {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path",
    schema: schemaOf(field, "input", components),
  }));
}

function problemAnswer(description: string): Json {
  const schema = { $ref: "#/components/schemas/Problem" };
  return { description, content: { "application/problem+json": { schema } } };
}

/** A schema for the document; the named ones inside it go to `components`. */
function schemaOf(schema: z.core.$ZodType, io: "input" | "output", components: Map<string, unknown>): unknown {
  const text = JSON.stringify(z.toJSONSchema(z.object({ it: schema }), { io }));
  const made = z
    .object({ properties: z.object({ it: z.unknown() }), $defs: z.record(z.string(), z.unknown()).default({}) })
    .parse(JSON.parse(text.replaceAll("#/$defs/", "#/components/schemas/")));
  for (const [name, definition] of Object.entries(made.$defs)) components.set(name, definition);
  return made.properties.it;
}

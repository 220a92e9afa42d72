import { isErrorCode } from "@botfactory/phrases";
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import type { Operation } from "./api/operation.ts";
import { operations } from "./api/operations.ts";
import { openApiDocument } from "./openapi.ts";

const document = openApiDocument("http://console.test");
const rows = Object.entries<Operation>(operations);

describe("the OpenAPI document", () => {
  it("describes the contract's operations and no other", () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([
      "DELETE /bots/{botId}",
      "DELETE /bots/{botId}/webhook",
      "GET /bots",
      "GET /bots/{botId}",
      "GET /bots/{botId}/chats",
      "GET /bots/{botId}/chats/{chatId}/messages",
      "GET /bots/{botId}/webhook",
      "GET /csrf-token",
      "GET /me",
      "PATCH /bots/{botId}",
      "POST /bots",
      "POST /bots/{botId}/test-chat",
      "POST /bots/{botId}/test-message",
      "POST /bots/{botId}/webhook",
      "PUT /admin/owners/{ownerId}/plan",
    ]);
  });

  it("defines every schema it refers to", () => {
    const text = JSON.stringify(document);
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(named)]));
    expect(text).not.toContain("#/$defs/");
  });

  it.each(rows)("declares the parameters in the path of %s", (_id, { path, params }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(Object.keys(params?.shape ?? {})).toEqual(inPath);
  });

  it.each(rows)("promises only refusals of the catalogue for %s", (_id, { refusals }) => {
    expect(refusals.filter((code) => !isErrorCode(code))).toEqual([]);
  });

  it("asks for a body only where an empty one is refused", () => {
    const isRequired = (path: string, method: string) =>
      z.object({ requestBody: z.object({ required: z.boolean() }) }).parse(document.paths[path]?.[method]).requestBody
        .required;
    expect([isRequired("/bots", "post"), isRequired("/bots/{botId}", "patch")]).toEqual([true, false]);
  });

  it("never answers with a token", () => {
    const { Bot, ChangedBot, BotPage } = document.components.schemas;
    expect(JSON.stringify([Bot, ChangedBot, BotPage])).not.toContain("telegramToken");
    expect(JSON.stringify(document.components.schemas["CreateBot"])).toContain("telegramToken");
  });
});

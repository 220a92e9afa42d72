import { loadConfig } from "@botfactory/service-kit";
import { describe, expect, it } from "@jest/globals";
import { aiEnvironment } from "../../services/ai/src/config.ts";
import { botsEnvironment } from "../../services/bots/src/config.ts";
import { conversationEnvironment } from "../../services/conversation/src/config.ts";
import { ingressEnvironment } from "../../services/ingress/src/config.ts";
import { webEnvironment } from "../../services/web/src/config.ts";

describe("a service with a part of the TLS files is refused, with whatever else is wrong:", () => {
  it.each([
    ["ai", () => loadConfig(aiEnvironment, { TLS_CA_FILE: "/ca.crt" })],
    ["bots", () => loadConfig(botsEnvironment, { TLS_CA_FILE: "/ca.crt" })],
    ["conversation", () => loadConfig(conversationEnvironment, { TLS_CA_FILE: "/ca.crt" })],
    ["ingress", () => loadConfig(ingressEnvironment, { TLS_CA_FILE: "/ca.crt" })],
    ["web", () => loadConfig(webEnvironment, { TLS_CA_FILE: "/ca.crt" })],
  ])("%s", (_service, load) => {
    expect(load).toThrow(
      /(NATS_URL|MONGODB_URL): [\s\S]*TLS_CERT_FILE: is needed too[\s\S]*TLS_KEY_FILE: is needed too/,
    );
  });
});

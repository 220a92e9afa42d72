import { expect, it } from "@jest/globals";
import { serviceName } from "./service-name.ts";

it.each([
  [{}, "/app/services/bots/dist/main.js", "bots"],
  [{ OTEL_SERVICE_NAME: "bots-eu" }, "/app/services/bots/dist/main.js", "bots-eu"],
  [{ OTEL_SERVICE_NAME: "" }, "C:\\app\\services\\ai\\dist\\main.js", "ai"],
  [{}, "/usr/bin/other.js", "botfactory"],
  [{}, undefined, "botfactory"],
])("%j started as %s is named %s", (env, program, name) => {
  expect(serviceName(env, program)).toBe(name);
});

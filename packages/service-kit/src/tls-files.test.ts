import { describe, expect, it } from "@jest/globals";
import { loadConfig } from "./config.ts";
import { environment } from "./environment.ts";
import { demandWholeTls, tlsFiles } from "./tls-files.ts";

const schema = environment
  .pick({ PORT: true, TLS_CERT_FILE: true, TLS_KEY_FILE: true, TLS_CA_FILE: true })
  .superRefine(...demandWholeTls);
const files = { TLS_CERT_FILE: "/tls/tls.crt", TLS_KEY_FILE: "/tls/tls.key", TLS_CA_FILE: "/tls/ca.crt" };

describe("the TLS files", () => {
  it("are all three", () => {
    const found = tlsFiles(loadConfig(schema, { PORT: "1", ...files }));
    expect(found).toEqual({ cert: "/tls/tls.crt", key: "/tls/tls.key", ca: "/tls/ca.crt" });
  });

  it("or none", () => expect(tlsFiles(loadConfig(schema, { PORT: "1", TLS_CA_FILE: " " }))).toBeUndefined());

  it.each(Object.keys(files))("and never all but %s", (name) => {
    expect(() => loadConfig(schema, { PORT: "1", ...files, [name]: "" })).toThrow(`${name}: is needed too`);
  });

  it("nor one alone, which is told together with everything else", () => {
    expect(() => loadConfig(schema, { TLS_KEY_FILE: files.TLS_KEY_FILE })).toThrow(
      /PORT[\s\S]*TLS_CERT_FILE[\s\S]*TLS_CA_FILE/,
    );
  });
});

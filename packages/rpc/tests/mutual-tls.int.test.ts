import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type MutualTls, mutualTls, type TlsFiles } from "../src/index.ts";
import { certificateAuthority, type Issued, serviceCertificate, writeTlsFiles } from "./support/certificates.ts";
import { echoServer, errorOf, logbook } from "./support/echo.ts";

const authority = certificateAuthority();
const stranger = certificateAuthority("a stranger");
const issued = { bots: serviceCertificate(authority, "bots"), web: serviceCertificate(authority, "web") };
const opened: { close?(): void; stop?(): Promise<void> }[] = [];
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "botfactory-tls-"));
});
afterEach(async () => {
  for (const one of opened.splice(0)) {
    one.close?.();
    await one.stop?.();
  }
});
afterAll(() => rm(home, { recursive: true }));

const keptIn = (name: string, { cert, key }: Issued, ca = authority.pem) =>
  writeTlsFiles(join(home, name), { cert, key }, ca);

async function tlsOf(service: string, files: TlsFiles, logger = logbook()): Promise<MutualTls> {
  const tls = await mutualTls({ service, files, logger, lookEveryMs: 20 });
  if (tls === undefined) throw new Error("plain");
  opened.push(tls);
  return tls;
}

async function echo(tls: MutualTls, more: { readonly connectionAgeMs?: number } = {}) {
  const server = await echoServer({ tls, ...more });
  opened.unshift(server);
  return { ...server, url: server.url.replace("127.0.0.1", "localhost") };
}

async function until(condition: () => unknown): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("did not come true within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The serial number of the certificate a server shows now. */
async function shownBy(port: number, { cert, key }: Issued): Promise<string | undefined> {
  const socket = connect({ port, host: "localhost", cert, key, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  const shown = socket.getPeerX509Certificate()?.serialNumber;
  socket.destroy();
  return shown;
}

describe("a service with certificates", () => {
  it("is called by one whose certificate and token agree", async () => {
    const { url, clientOf } = await echo(await tlsOf("bots", await keptIn("bots", issued.bots)));
    const tls = await tlsOf("web", await keptIn("web", issued.web));
    expect(await clientOf("web", { url, tls }).echo({ text: "hi" })).toMatchObject({ text: "hi", caller: "web" });
  });

  it("is called by nobody who speaks plainly", async () => {
    const { web } = await echo(await tlsOf("bots", await keptIn("bots", issued.bots)));
    expect(await errorOf(web.echo({}))).toMatchObject({ kind: "unavailable" });
  });

  it("looks at the end of a certificate at each call, not only when the connection is made", async () => {
    const { url, clientOf } = await echo(await tlsOf("bots", await keptIn("bots", issued.bots)));
    const brief = serviceCertificate(authority, "web", { holdsMs: 2_500 });
    const web = clientOf("web", { url, tls: await tlsOf("web", await keptIn("brief", brief)) });
    expect(await web.echo({})).toMatchObject({ caller: "web" });
    await until(() =>
      web.echo({}).then(
        () => false,
        (error) => error.kind === "unauthenticated",
      ),
    );
  });

  it("may also do without: connections are plain then", async () => {
    expect(await mutualTls({ service: "bots", files: undefined, logger: logbook() })).toBeUndefined();
  });
});

describe("a caller with certificates", () => {
  const uris = ["spiffe://elsewhere/botfactory/bots"];
  const shown: [string, () => Issued, RegExp][] = [
    ["made by another authority", () => serviceCertificate(stranger, "bots"), /unable to verify/],
    ["of another host", () => serviceCertificate(authority, "bots", { hosts: ["pods"], addresses: [] }), /altnames/],
    ["of another installation", () => serviceCertificate(authority, "bots", { uris }), /of this installation/],
    ["that has expired", () => serviceCertificate(authority, "bots", { holdsMs: -1_000 }), /has expired/],
  ];
  it.each(shown)("asks nothing of a server with one %s", async (_what, make, reason) => {
    const { url, clientOf } = await echo(await tlsOf("bots", await keptIn("odd", make())));
    const tls = await tlsOf("web", await keptIn("web", issued.web));
    const cause = { message: expect.stringMatching(reason) };
    expect(await errorOf(clientOf("web", { url, tls }).echo({}))).toMatchObject({ kind: "unavailable", cause });
  });
});

describe("a service is not started with", () => {
  const cases: [string, () => Promise<TlsFiles>, RegExp][] = [
    ["another's certificate", () => keptIn("other", issued.web), /tls\.crt: its URI must be .*botfactory\/bots.*web/],
    ["a key of another certificate", () => keptIn("key", { ...issued.bots, key: issued.web.key }), /tls\.key: .*match/],
    ["no certificate", () => keptIn("none", { ...issued.bots, cert: "oops" }), /tls\.crt: /],
    ["no authority", () => keptIn("ca", issued.bots, ""), /ca\.crt: /],
    ["a missing file", async () => ({ ...(await keptIn("gone", issued.bots)), key: "/nowhere" }), /ENOENT.*nowhere/],
  ];
  it.each(cases)("%s", async (_what, files, reason) => {
    await expect(tlsOf("bots", await files())).rejects.toThrow(reason);
  });
});

describe("renewed certificates", () => {
  it("of another authority are taken on both sides while calls go on, and the old authority is then forgotten", async () => {
    const server = await echo(await tlsOf("bots", await keptIn("bots", issued.bots)), { connectionAgeMs: 50 });
    const web = await tlsOf("web", await keptIn("web", issued.web));
    const calls = server.clientOf("web", { url: server.url, tls: web });
    // Made now: this takes the processor for long enough to outlast a call's deadline on a busy machine.
    const [bots, webs] = [serviceCertificate(stranger, "bots"), serviceCertificate(stranger, "web")];
    let answered = 0;
    let isOver = false;
    const calling = (async () => {
      for (; !isOver; answered += 1) await calls.echoAgain({});
    })();

    const both = authority.pem + stranger.pem;
    await Promise.all([keptIn("bots", issued.bots, both), keptIn("web", issued.web, both)]);
    // Nothing outside shows which authorities a service trusts, but it takes a caller of the new one.
    const early = await tlsOf("web", await keptIn("early", webs, both));
    const earlyCalls = server.clientOf("web", { url: server.url, tls: early });
    await until(() => earlyCalls.echo({}).then(Boolean, () => false));
    await keptIn("bots", bots, both);
    const { serialNumber } = new X509Certificate(bots.cert);
    await until(async () => (await shownBy(server.server.port, webs)) === serialNumber);
    await keptIn("web", webs, both);
    await keptIn("bots", bots, stranger.pem);
    const late = await tlsOf("web", await keptIn("late", issued.web, both));
    await until(async () => {
      const caller = server.clientOf("web", { url: server.url, tls: late });
      return caller.echo({}).then(
        () => false,
        () => true,
      );
    });

    // No connection of before is left then: each lives about 50 ms and is given 200 ms more to end its calls.
    const onlyNew = Date.now() + 300;
    await until(() => Date.now() > onlyNew);
    const before = answered;
    await until(() => answered > before + 1);
    isOver = true;
    await calling;
  });

  it("that cannot be used are told of, and the old ones go on until better ones come", async () => {
    const logger = logbook();
    const files = await keptIn("bots", issued.bots);
    const { server } = await echo(await tlsOf("bots", files, logger));
    const better = serviceCertificate(authority, "bots");
    await writeFile(files.cert, better.cert);
    await until(() => logger.errors.length > 0);
    expect(JSON.stringify(logger.errors)).not.toContain("PRIVATE");
    expect(await shownBy(server.port, issued.web)).toBe(new X509Certificate(issued.bots.cert).serialNumber);
    await writeFile(files.key, better.key);
    await until(async () => (await shownBy(server.port, issued.web)) === new X509Certificate(better.cert).serialNumber);
  });
});

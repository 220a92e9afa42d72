import { ownerVerifier } from "@botfactory/rpc";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { grants, type ReadGrant } from "../src/auth/grants.ts";
import { signingRealm } from "./support/realm.ts";

let realm: Awaited<ReturnType<typeof signingRealm>>;
let read: ReadGrant;

beforeEach(async () => {
  realm = await signingRealm();
  read = grants(realm.keycloak, ownerVerifier(realm.keycloak));
});
afterEach(() => realm.stop());

/** A token set as Keycloak gives it, with claims of the access token changed. */
async function tokens(claims: object = {}, more: object = {}): Promise<string> {
  const { now } = realm;
  const refresh = await realm.token({ typ: "Refresh", exp: now + 1_800 });
  return JSON.stringify({ access_token: await realm.token(claims), refresh_token: refresh, ...more });
}
const expired = () => tokens({ exp: realm.now - 1 });
const unavailable = expect.objectContaining({ kind: "unavailable" });

describe("a session's tokens", () => {
  it("are used as they are while the access token is good", async () => {
    const kept = await tokens({ realm_access: { roles: ["owner", "admin", "other"] } });
    expect(await read(kept)).toMatchObject({ tokens: kept, roles: ["owner", "admin"] });
    expect(realm.state.refreshes).toBe(0);
  });

  it("are refreshed when the access token has expired, and the new ones are to be kept", async () => {
    const fresh = await tokens({ jti: "fresh" });
    realm.state.refresh = async () => ({ status: 200, body: JSON.parse(fresh) });
    const grant = await read(await expired());
    expect(JSON.parse(grant?.tokens ?? "")).toEqual(JSON.parse(fresh));
    expect(grant?.accessToken).toBe(JSON.parse(fresh).access_token);
  });

  it("are refreshed once for requests that arrive together", async () => {
    const fresh = await tokens();
    realm.state.refresh = async () => ({ status: 200, body: JSON.parse(fresh) });
    const kept = await expired();
    await Promise.all([read(kept), read(kept), read(kept)]);
    expect(realm.state.refreshes).toBe(1);
  });

  it("are refreshed before they expire on their way to a service", async () => {
    const fresh = await tokens();
    realm.state.refresh = async () => ({ status: 200, body: JSON.parse(fresh) });
    await read(await tokens({ exp: realm.now + 5 }));
    expect(realm.state.refreshes).toBe(1);
  });

  it("end the session when Keycloak no longer honours them", async () => {
    realm.state.refresh = async () => ({ status: 400, body: { error: "invalid_grant" } });
    expect(await read(await expired())).toBeUndefined();
  });

  it("end the session when there is nothing to refresh with", async () => {
    const gone = JSON.stringify({ access_token: await realm.token({ exp: realm.now - 1 }) });
    expect(await read(gone)).toBeUndefined();
  });

  it("end the session when they are of another client, realm or signer", async () => {
    expect(await read(await tokens({ aud: ["account"] }))).toBeUndefined();
    expect(await read(await tokens({ iss: "http://other/realms/x" }))).toBeUndefined();
    expect(await read(JSON.stringify({ access_token: await realm.tokenOfStranger() }))).toBeUndefined();
  });
});

describe("a session while Keycloak fails", () => {
  it("waits when Keycloak hangs up", async () => {
    const kept = await expired();
    await expect(read(kept)).rejects.toEqual(unavailable);
  });
  it("waits when Keycloak answers with an error of its own", async () => {
    realm.state.refresh = async () => ({ status: 502, body: {} });
    await expect(read(await expired())).rejects.toEqual(unavailable);
  });
  it("goes on with known keys when Keycloak is gone", async () => {
    const kept = await tokens();
    await read(kept);
    await realm.stop();
    expect(await read(kept)).toMatchObject({ tokens: kept });
    realm = await signingRealm();
  });
  it("waits when Keycloak is gone and its keys were never read", async () => {
    const kept = await tokens();
    await realm.stop();
    await expect(read(kept)).rejects.toEqual(unavailable);
    realm = await signingRealm();
  });
});

import { freePort, isFree } from "@botfactory/infrastructure";

/** Where the parts listen when the port is free; people and scripts find them again after a restart. */
const USUAL = { web: 8080, ingress: 8081, simulator: 8082, gemini: 8083, keycloak: 8084, nats: 4222, mongodb: 27017 };

export type NamedPort = keyof typeof USUAL;

/** The usual port of a part if nobody has it, else a free one. */
export async function portFor(part: NamedPort): Promise<number> {
  return (await isFree(USUAL[part])) ? USUAL[part] : freePort();
}

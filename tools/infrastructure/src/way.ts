import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import { onPath } from "./program.ts";

const ENGINE_ANSWER_MS = 500;

export interface Choice {
  /** The variable that names a server somebody else runs, e.g. NATS_URL; none when the caller wants a server of its own. */
  readonly variable?: string;
  /** The program that serves the part when it is on PATH. */
  readonly program?: string;
}

export type Way =
  | { readonly kind: "environment"; readonly url: string }
  | { readonly kind: "path"; readonly program: string }
  | { readonly kind: "container" }
  | { readonly kind: "embedded" };

/**
 * Decides once for all parts: a server named by the environment, a program on PATH, a container engine that answers, the
 * embedded program. BOTFACTORY_INFRASTRUCTURE=containers or =embedded leaves out the second and forces the way of the rest.
 */
export async function wayOf({ variable, program }: Choice): Promise<Way> {
  const url = variable === undefined ? undefined : process.env[variable];
  if (url) return { kind: "environment", url };
  const forced = process.env["BOTFACTORY_INFRASTRUCTURE"];
  if (forced === "containers") return { kind: "container" };
  if (forced === "embedded") return { kind: "embedded" };
  if (forced) throw new Error(`BOTFACTORY_INFRASTRUCTURE is "${forced}": use containers, embedded, or leave it out`);
  const path = program === undefined ? undefined : onPath(program);
  if (path !== undefined) return { kind: "path", program: path };
  return (await engineAnswers()) ? { kind: "container" } : { kind: "embedded" };
}

async function engineAnswers(): Promise<boolean> {
  const host = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  // Other schemes (ssh, npipe) are testcontainers' to reach; somebody who sets one means it.
  if (!/^(unix|tcp):/.test(host)) return true;
  const { hostname, port, pathname } = new URL(host);
  if (host.startsWith("unix:") && !existsSync(pathname)) return false;
  const socket = host.startsWith("unix:")
    ? createConnection(pathname)
    : createConnection(Number(port || 2375), hostname);
  return new Promise((resolve) => {
    const answer = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.setTimeout(ENGINE_ANSWER_MS, () => answer(false));
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}

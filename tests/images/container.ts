import { until } from "../e2e/support/until.ts";
import { ENGINE, engine } from "./engine.ts";

const READY_WITHIN_MS = 60_000;
/** As the chart and docker/compose.yaml run them; podman alone adds writable folders to a read-only root. */
export const STRICT = [
  "--read-only",
  ...(ENGINE === "podman" ? ["--read-only-tmpfs=false"] : []),
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
];

export interface Container {
  /** What a program of Node printed that runs in the container. */
  print(program: string): Promise<string>;
  logs(): Promise<string>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number>;
}

interface ContainerOptions {
  readonly image: string;
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 when it is ready. */
  readonly readyUrl: string;
}

/** A container on this machine's own network, once it is ready. */
export async function startContainer({ image, command = [], env, readyUrl }: ContainerOptions): Promise<Container> {
  const variables = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const id = await engine("run", "--detach", "--network=host", ...STRICT, ...variables, image, ...command);
  const logs = () => engine("logs", id);
  const isReady = () =>
    fetch(readyUrl).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(`${image} is ready`, isReady, READY_WITHIN_MS).catch(async (error: Error) => {
    const said = await logs();
    await engine("rm", "--force", id);
    throw new Error(`${error.message}\n${said}`);
  });
  return {
    print: (program) => engine("exec", id, "node", "-e", program),
    logs,
    async stop() {
      await engine("stop", "--time", "30", id);
      const code = Number(await engine("inspect", "--format", "{{.State.ExitCode}}", id));
      await engine("rm", id);
      return code;
    },
  };
}

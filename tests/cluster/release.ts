import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { until } from "../e2e/support/until.ts";
import { REPOSITORY } from "../setup/repository.ts";

const run = promisify(execFile);
const CHART = "deploy/helm/botfactory";
const RELEASE = "botfactory";
const JOB_WITHIN_MS = 120_000;

/** What a program printed; fails with its words. Looked at with the cluster's own context of `kubectl`. */
export async function print(command: "kubectl" | "helm", ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, [...args], { cwd: REPOSITORY, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** The chart installed for a trial, in a namespace of its own that admits nothing but restricted pods. */
export interface Release {
  readonly namespace: string;
  kubectl(...args: readonly string[]): Promise<string>;
  helm(...args: readonly string[]): Promise<string>;
  /** `helm upgrade` with what it was installed with and more. */
  upgrade(...more: readonly string[]): Promise<string>;
  /** Runs a Job of a CronJob's template to its end, and what it printed. */
  jobFrom(cronJob: string): Promise<string>;
  /** Leads a port of this machine to a Service's first pod, until the pod ends. */
  forward(service: string, port: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ReleaseOptions {
  readonly namespace: string;
  /** Further arguments of helm, such as where this cluster has its images from. */
  readonly more: readonly string[];
}

/** Installs the chart and waits until everything is ready. */
export async function install({ namespace, more }: ReleaseOptions): Promise<Release & { readonly said: string }> {
  const forwards: ChildProcess[] = [];
  const kubectl = (...args: readonly string[]) => print("kubectl", "-n", namespace, ...args);
  const helm = (...args: readonly string[]) => print("helm", "-n", namespace, ...args);
  const given = ["-f", `${CHART}/values-quickstart.yaml`, ...more, "--wait", "--timeout", "10m"];
  await print("kubectl", "create", "namespace", namespace);
  const level = (mode: string) => `pod-security.kubernetes.io/${mode}=restricted`;
  await print("kubectl", "label", "namespace", namespace, level("enforce"), level("warn"));
  const { stdout, stderr } = await run("helm", ["-n", namespace, "install", RELEASE, CHART, ...given], {
    cwd: REPOSITORY,
  });

  return {
    said: `${stdout}${stderr}`,
    namespace,
    kubectl,
    helm,
    upgrade: (...further) => helm("upgrade", RELEASE, CHART, ...given, ...further),
    async jobFrom(cronJob) {
      const job = `${cronJob}-once`;
      await kubectl("create", "job", job, `--from=cronjob/${cronJob}`);
      const ended = () => kubectl("get", "job", job, "-o", "jsonpath={.status.succeeded}{.status.failed}");
      await until(`${job} has ended`, async () => (await ended()) !== "", JOB_WITHIN_MS);
      return kubectl("logs", `job/${job}`);
    },
    async forward(service, port) {
      const forward = spawn("kubectl", ["-n", namespace, "port-forward", `svc/${service}`, String(port)]);
      forwards.push(forward);
      // It says so when it listens.
      await Promise.race([
        once(createInterface(forward.stdout), "line"),
        once(forward, "exit").then(() => Promise.reject(new Error(`no port-forward to ${service}`))),
      ]);
    },
    async stop() {
      for (const forward of forwards) forward.kill();
    },
  };
}

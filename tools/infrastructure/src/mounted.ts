import { chmod, mkdir } from "node:fs/promises";

/** A directory of this machine for a container, open to whatever user the container's program is. */
export async function mounted(source: string, target: string): Promise<{ source: string; target: string }> {
  await mkdir(source, { recursive: true });
  await chmod(source, 0o777);
  return { source, target };
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { madeOnce } from "./cache.ts";
import { onPath, runToEnd } from "./program.ts";
import type { Progress } from "./progress.ts";
import { timed } from "./progress.ts";

const BIN = "/usr/lib/postgresql/18/bin";
const EXTENSION = "/usr/share/postgresql/18/extension/documentdb.control";
const MAKE_ROOT = fileURLToPath(new URL("../../embedded/make-postgres-root", import.meta.url));
const OWNER = "postgres";

/** A place that has PostgreSQL 18 with DocumentDB: the machine itself ("/") or a Debian root in the cache. */
export interface PostgresHome {
  readonly root: string;
  /** The system user the server runs as; nobody else when this process is not root and starts it as itself. */
  readonly user?: { readonly name: string; readonly id: number };
}

/** Where a server's two directories are, for this process and for the server inside its root. */
export interface PostgresPlace {
  readonly home: PostgresHome;
  readonly data: string;
  readonly sockets: string;
}

/** Finds PostgreSQL 18 with DocumentDB on this machine, or makes a Debian root with it once (about 50 s, 520 MB). */
export async function postgresHome(progress: Progress): Promise<PostgresHome> {
  if (existsSync(join(BIN, "postgres")) && existsSync(EXTENSION)) return withUser("/");
  refuseWhereNotPossible();
  const root = await madeOnce({
    name: "postgresql-18-documentdb-1",
    make: (target) =>
      timed(progress, "fetch PostgreSQL 18 with DocumentDB into a Debian root (once, about 1 min)", () =>
        makeRoot(target),
      ),
  });
  return withUser(root);
}

async function makeRoot(target: string): Promise<void> {
  // In namespaces of its own, so that an interrupted making leaves neither a mount nor a process.
  await runToEnd("unshare", ["--mount", "--pid", "--fork", "--kill-child", MAKE_ROOT, target]);
}

function refuseWhereNotPossible(): void {
  const debian = onPath("apt-get") !== undefined && onPath("dpkg-deb") !== undefined && onPath("unshare") !== undefined;
  if (debian && process.getuid?.() === 0) return;
  throw new Error(
    [
      "No MongoDB here, and the embedded one needs PostgreSQL 18 with DocumentDB, which only root on Debian or Ubuntu can fetch.",
      "Do one of these: set MONGODB_URL to a MongoDB or FerretDB 2 of yours; install MongoDB so that `mongod` is on PATH;",
      "start Docker; or run as root on Debian (on Debian unstable: apt-get install postgresql-18 postgresql-18-documentdb).",
    ].join("\n"),
  );
}

async function withUser(root: string): Promise<PostgresHome> {
  if (process.getuid?.() !== 0) return { root };
  const passwd = await readFile(join(root, "etc/passwd"), "utf8");
  const id = /^postgres:[^:]*:(\d+):/m.exec(passwd)?.[1];
  if (id === undefined) throw new Error(`${root} has no user ${OWNER}: remove it and start again`);
  return { root, user: { name: OWNER, id: Number(id) } };
}

/** The sockets' directory as the server sees it; its data are in `data` below it when the server runs in a root. */
export function socketsInside({ home, sockets }: PostgresPlace): string {
  return home.root === "/" ? sockets : "/sockets";
}

/** The data directory as the server sees it. */
export function dataInside(place: PostgresPlace): string {
  return place.home.user === undefined ? place.data : join(socketsInside(place), "data");
}

// The mounts are in a namespace of the program's own: they end with it, however it ends.
const ENTER = `
mount --bind "$1" "$2/data"
[ "$3" = / ] || mount --rbind "$2" "$3/sockets"
root=$3 user=$4
shift 4
exec chroot "$root" setpriv --reuid "$user" --regid "$user" --clear-groups --pdeathsig INT -- "$@"`;

/** The command that runs one of PostgreSQL's programs at a place, as the right user and in the right root. */
export function postgresCommand(place: PostgresPlace, program: string, args: readonly string[]): [string, string[]] {
  const { home, data, sockets } = place;
  const path = join(BIN, program);
  if (home.user === undefined) return [path, [...args]];
  return ["unshare", ["--mount", "sh", "-ec", ENTER, "sh", data, sockets, home.root, home.user.name, path, ...args]];
}

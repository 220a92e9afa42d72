// Makes one program of each service, and one of what looks after them: <folder>/<name>/bundle/main.js with the few files it loads, where it keeps something in
// NATS provision.js, and the parts that are loaded only when wanted. Node
// finds, reads and compiles one file instead of some two thousand, which is most of what a start takes.
// metafiles.json, beside them, is esbuild's own account of what each was made from: an image's list of packages needs it.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { LEFT_OUTSIDE, NOT_TAKEN } from "./left-outside.js";

const SERVICES = ["ingress", "bots", "ai", "conversation", "web"];
const OPERATOR = "tools/operator";
// What CommonJS packages expect to find, and an ES module does not have.
const COMMON_JS = `
import { createRequire as requireOfBundle } from "node:module";
import { dirname as dirnameOfBundle } from "node:path";
import { fileURLToPath as pathOfBundle } from "node:url";
const require = requireOfBundle(import.meta.url);
const __filename = pathOfBundle(import.meta.url);
const __dirname = dirnameOfBundle(__filename);
`;

const repository = fileURLToPath(new URL("../..", import.meta.url));

const OPTIONS = {
  absWorkingDir: repository,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: [...LEFT_OUTSIDE, ...NOT_TAKEN],
  banner: { js: COMMON_JS },
  // Stack traces name functions; classes are told apart by their names.
  keepNames: true,
  legalComments: "none",
  // V8 keeps the whole text of a program in memory. Lines stay short enough for a stack trace to point at something.
  minifyWhitespace: true,
  lineLimit: 120,
  metafile: true,
  logLevel: "warning",
};

/** The main program of a workspace, from a module that is no file, with the parts that it loads only when wanted. */
async function bundleMain(workspace, contents) {
  const outdir = `${workspace}/bundle`;
  rmSync(`${repository}/${outdir}`, { recursive: true, force: true });
  const stdin = { contents, resolveDir: workspace };
  return build({ ...OPTIONS, stdin, entryNames: "main", outdir, splitting: true });
}

function writeMetafiles(workspace, made) {
  writeFileSync(
    `${repository}/${workspace}/bundle/metafiles.json`,
    JSON.stringify(made.map(({ metafile }) => metafile)),
  );
}

for (const service of SERVICES) {
  const workspace = `services/${service}`;
  // Bundled, what main.js imports first is not what runs first: parts of their own run before it, and a counter that is
  // made before telemetry has started counts nothing.
  const contents = `import "@botfactory/service-kit/telemetry"; await import("./dist/main.js");`;
  const made = [await bundleMain(workspace, contents)];
  const provision = `${workspace}/dist/provision.js`;
  if (existsSync(`${repository}/${provision}`))
    made.push(await build({ ...OPTIONS, entryPoints: [provision], outfile: `${workspace}/bundle/provision.js` }));
  writeMetafiles(workspace, made);
}
writeMetafiles(OPERATOR, [await bundleMain(OPERATOR, `import "./dist/main.js";`)]);

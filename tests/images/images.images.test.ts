import { beforeAll, describe, expect, it } from "@jest/globals";
import { buildImages, git, IMAGES, imageNamed } from "./build.ts";
import { ENGINE, engine, imageFacts } from "./engine.ts";
import { bundledFrom, installedIn, licensedPackages, listedIn, namedByBundleOf } from "./packages.ts";

const MINUTE = 60_000;
const MB = 1e6;
/** What a service may add to its base. */
const SMALL = 25 * MB;
const OCI = "org.opencontainers.image.";

const sorted = (refs: Iterable<string>) => [...new Set(refs)].sort();

/** What an image holds, to the byte. docker leaves times in layers, of which only an exporter of buildx rids them. */
async function contents(image: string): Promise<readonly string[]> {
  if (ENGINE === "podman") return (await imageFacts(image)).layers;
  const hashes = "find /app -type f | sort | xargs sha256sum";
  return (await engine("run", "--rm", "--network=none", image, "sh", "-c", hashes)).split("\n");
}

beforeAll(async () => {
  await buildImages("first");
  await buildImages("second");
}, 30 * MINUTE);

describe.each(IMAGES)("the image %s", (name, workspace) => {
  const image = imageNamed(name);

  it("is labelled from the commit, each time the same", async () => {
    const { labels } = await imageFacts(image);
    const [revision, time, release] = await Promise.all([
      git("rev-parse", "HEAD"),
      git("show", "-s", "--format=%ct", "HEAD"),
      git("tag", "--points-at", "HEAD"),
    ]);
    expect(labels).toMatchObject({
      [`${OCI}created`]: new Date(Number(time) * 1_000).toISOString(),
      [`${OCI}licenses`]: "Apache-2.0",
      [`${OCI}revision`]: revision,
      [`${OCI}source`]: expect.stringMatching(/^https:\/\//),
      [`${OCI}title`]: `BotFactory ${name}`,
      [`${OCI}version`]: release === "" ? expect.stringContaining(revision.slice(0, 12)) : release.replace(/^v/, ""),
    });
    expect(await imageFacts(imageNamed(name, "second"))).toMatchObject({ labels });
  });

  it("does not run as root", async () => {
    expect((await imageFacts(image)).user).toBe("1000");
  });

  it(
    "lists exactly the packages that are in it",
    async () => {
      const [listed, installed, bundled] = await Promise.all([
        listedIn(image),
        installedIn(image),
        bundledFrom(workspace),
      ]);
      expect(sorted(listed)).toEqual(sorted([...installed, ...bundled]));
      expect(sorted(listed)).toEqual(expect.arrayContaining(await namedByBundleOf(image)));
    },
    MINUTE,
  );

  it("holds nothing of others that docs/licences.md does not name: nothing that only development needs", async () => {
    const licensed = await licensedPackages();
    const foreign = (await listedIn(image)).filter((ref) => !ref.startsWith("@botfactory/"));
    expect(foreign.filter((ref) => !licensed.has(ref))).toEqual([]);
  });
});

describe("an image", () => {
  it("of a service is small, and all of them stand on one base", async () => {
    const base = (await imageFacts(process.env["NODE_IMAGE"] ?? "node:22-bookworm-slim")).bytes;
    const sizes = await Promise.all(
      IMAGES.map(async ([name, workspace]) => {
        const { bytes } = await imageFacts(imageNamed(name));
        return { name, isService: workspace.startsWith("services/"), added: bytes - base, bytes };
      }),
    );
    for (const { name, bytes, added } of sizes)
      process.stderr.write(`  ${name}: ${(bytes / MB).toFixed(1)} MB, of it ${(added / MB).toFixed(1)} on its base\n`);
    expect(sizes.filter(({ isService, added }) => isService && added > SMALL)).toEqual([]);
  });

  it(
    "is the same, byte by byte, when all of it is built anew",
    async () => {
      // Layers that another commit left in the engine's cache have its time.
      await buildImages("anew", "--no-cache", "web");
      await buildImages("again", "--no-cache", "web");
      const [anew, again] = [imageNamed("web", "anew"), imageNamed("web", "again")];
      expect((await imageFacts(again)).labels).toEqual((await imageFacts(anew)).labels);
      expect(await contents(again)).toEqual(await contents(anew));
    },
    15 * MINUTE,
  );
});

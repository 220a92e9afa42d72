/** Three tiers: pure rules, one service with real neighbours, the whole product in a browser. */
const tier = (displayName, testRegex, more = {}) => ({
  displayName,
  testRegex,
  testPathIgnorePatterns: ["/node_modules/", "/dist/"],
  modulePathIgnorePatterns: ["/dist/"],
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  transform: {
    "\\.tsx?$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript", tsx: false } }, module: { type: "es6" } },
    ],
  },
  // "import" must not be listed: jest adds it for ESM by itself, and CommonJS packages would break on it.
  testEnvironmentOptions: { customExportConditions: ["@botfactory/source", "node", "node-addons"] },
  ...more,
});

export default {
  projects: [
    tier("unit", String.raw`(?<!\.int|\.e2e|\.cluster|\.monitoring|\.images|\.chart)\.test\.ts$`),
    tier("int", String.raw`\.int\.test\.ts$`, {
      globalSetup: "./tests/setup/int.ts",
      globalTeardown: "./tests/setup/shared-parts.ts",
    }),
    tier("e2e", String.raw`\.e2e\.test\.ts$`, {
      globalSetup: "./tests/setup/e2e.ts",
      globalTeardown: "./tests/setup/shared-parts.ts",
    }),
    // Only with Prometheus and a collector: make monitoring-check.
    tier("monitoring", String.raw`\.monitoring\.test\.ts$`, {
      globalSetup: "./tests/setup/e2e.ts",
      globalTeardown: "./tests/setup/shared-parts.ts",
    }),
    // Only with helm: make chart-check.
    tier("chart", String.raw`\.chart\.test\.ts$`),
    // Only with a cluster: make cluster-test.
    tier("cluster", String.raw`\.cluster\.test\.ts$`),
    // Only with a container engine: make images-test, make compose-test.
    tier("images", String.raw`\.images\.test\.ts$`),
  ],
  testTimeout: 30_000,
};

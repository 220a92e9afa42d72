import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Says in dist/.vite/modules.json what the pages were made from: an image's list of packages needs it. */
function modulesInside(): Plugin {
  return {
    name: "modules-inside",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).flatMap((part) => (part.type === "chunk" ? [part] : []));
      // A style sheet is a module of which the script has nothing.
      const isInside = ([id, { renderedLength }]: [string, { renderedLength: number }]) =>
        renderedLength > 0 || id.endsWith(".css");
      const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules).filter(isInside));
      const source = JSON.stringify(modules.map(([id]) => id));
      this.emitFile({ type: "asset", fileName: ".vite/modules.json", source });
    },
  };
}

export default defineConfig({
  plugins: [react(), modulesInside()],
  resolve: { conditions: ["@botfactory/source", "module", "browser", "production"] },
  // An inlined asset would be a data: URL, which the console's content security policy refuses.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
});

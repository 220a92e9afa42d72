import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ["@botfactory/source", "module", "browser", "production"] },
  // An inlined asset would be a data: URL, which the console's content security policy refuses.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
});

import type { Labels } from "./locales/en.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: Labels };
  }
}

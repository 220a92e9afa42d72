import { expect, it } from "@jest/globals";
import { messagePage, textPage } from "./message-page.ts";

it("shows a bot's words as text, never as markup", () => {
  const html = textPage("en", `"><img src=x onerror=alert(1)>`, "<script>alert(1)</script> & 'more'");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;more&#39;");
  expect(html).not.toMatch(/<(script|img)/);
});

it.each(["uz", "ru", "en"] as const)("tells the browser that the page is in %s", (language) => {
  expect(messagePage(language, { title: "T", detail: "D", remedy: "R" })).toContain(`<html lang="${language}">`);
});

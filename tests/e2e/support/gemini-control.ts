/** One request the Gemini stand-in received. */
export interface ModelRequest {
  readonly at: number;
  readonly path: string;
  readonly body: {
    readonly systemInstruction?: { readonly parts: readonly { readonly text: string }[] };
    readonly contents: readonly { readonly role: string; readonly parts: readonly { readonly text: string }[] }[];
  };
}

export type GeminiControl = ReturnType<typeof geminiControl>;

/** The stand-in for Gemini, looked into and told what to do next over its control API. */
export function geminiControl(url: string) {
  return {
    requests: async () => (await (await fetch(`${url}/control/requests`)).json()) as readonly ModelRequest[],
    forget: async () => void (await fetch(`${url}/control/requests`, { method: "DELETE" })),
    /** Wishes for coming requests, as tools/infrastructure/src/gemini/script.ts reads them. */
    script: async (wishes: unknown) => {
      const response = await fetch(`${url}/control/script`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(wishes),
      });
      if (!response.ok) throw new Error(`the Gemini stand-in refused the script: ${await response.text()}`);
    },
    /** The next answers begin this late, as the real ones do. */
    async thinkFor(afterMs: number, times: number) {
      await this.script({ kind: "answer", afterMs, times });
    },
  };
}

import { LLMock } from "@copilotkit/aimock";
import { z } from "zod";

const spokenSchema = z.object({
  content: z.string(),
  finishReason: z.string(),
  usage: z.object({ promptTokenCount: z.number(), candidatesTokenCount: z.number() }),
});

/** An answer to be said in Gemini's form. */
export type Spoken = z.output<typeof spokenSchema>;

export interface SayOptions {
  readonly model: string;
  readonly isStream: boolean;
  readonly signal: AbortSignal;
}

/** aimock turns an answer into Gemini's wire form: one body, or a stream of events with the usage in the last. */
export async function geminiWire() {
  const mock = await LLMock.create({ port: 0, host: "127.0.0.1", logLevel: "silent", journalMaxEntries: 1 });
  // What to answer is decided before; it travels to aimock as the prompt.
  mock.on({}, ({ messages }) => spokenSchema.parse(JSON.parse(`${messages.at(-1)?.content}`)));
  return {
    say(spoken: Spoken, { model, isStream, signal }: SayOptions): Promise<Response> {
      const method = isStream ? "streamGenerateContent?alt=sse" : "generateContent";
      const contents = [{ role: "user", parts: [{ text: JSON.stringify(spoken) }] }];
      return fetch(`${mock.url}/v1beta/models/${model}:${method}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-goog-api-key": "stand-in" },
        body: JSON.stringify({ contents }),
        signal,
      });
    },
    stop: () => mock.stop(),
  };
}

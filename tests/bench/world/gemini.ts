import { z } from "zod";

const request = z.looseObject({
  contents: z.array(z.looseObject({ parts: z.array(z.looseObject({ text: z.string().default("") })) })),
});

/** What the person said last. */
export function lastWords(body: string): string {
  const { contents } = request.parse(JSON.parse(body));
  return (contents.at(-1)?.parts ?? []).map(({ text }) => text).join("\n");
}

const usageMetadata = { promptTokenCount: 60, candidatesTokenCount: 25, totalTokenCount: 85 };

/** An answer that repeats the words, as one body or as a stream of one event. */
export function geminiAnswer(words: string, isStream: boolean): { type: string; content: string } {
  const text = `You asked: ${words}. The shop opens at nine o'clock.`;
  const candidate = { content: { role: "model", parts: [{ text }] }, finishReason: "STOP", index: 0 };
  const body = JSON.stringify({ candidates: [candidate], usageMetadata, modelVersion: "bench" });
  return isStream
    ? { type: "text/event-stream", content: `data: ${body}\r\n\r\n` }
    : { type: "application/json; charset=UTF-8", content: body };
}

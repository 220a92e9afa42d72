import http from "node:http";
import https from "node:https";

export interface WebhookRequest {
  readonly url: string;
  readonly body: string | Buffer;
  readonly secretToken?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
}

export interface WebhookResponse {
  readonly status: number;
  readonly reason: string;
  readonly retryAfter: number;
  readonly body: string;
}

// The webhook only has to say yes; a receiver that streams for ever must not fill our memory.
const MAX_ANSWER_BYTES = 1 << 20;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection closed",
  EPIPE: "Connection closed",
  ETIMEDOUT: "Connection timed out",
  ENOTFOUND: "Failed to resolve host: Name or service not known",
};

function describe(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error.message || code);
}

/** Keep-alive connections as Telegram has them; rejects with Telegram's wording for getWebhookInfo. */
export function webhookPost() {
  const agents = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  };

  function post({ url, body, secretToken, headers, timeoutMs }: WebhookRequest): Promise<WebhookResponse> {
    const target = new URL(url);
    const secure = target.protocol === "https:";
    const options = {
      method: "POST",
      agent: secure ? agents["https:"] : agents["http:"],
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "accept-encoding": "gzip, deflate",
        ...(secretToken && { "x-telegram-bot-api-secret-token": secretToken }),
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(new Error(describe(error)));
      const request = (secure ? https : http).request(target, options, (response) => {
        readAnswer(response).then(resolve, fail);
      });
      const timer = setTimeout(() => request.destroy(new Error("Read timeout expired")), timeoutMs);
      request.on("error", fail).on("close", () => clearTimeout(timer));
      request.end(body);
    });
  }

  const stop = () => {
    agents["http:"].destroy();
    agents["https:"].destroy();
  };
  return { post, stop };
}

async function readAnswer(response: http.IncomingMessage): Promise<WebhookResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) response.destroy(new Error("Response is too big"));
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? "",
    retryAfter: Number.parseInt(response.headers["retry-after"] ?? "0", 10) || 0,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

export type Post = ReturnType<typeof webhookPost>["post"];

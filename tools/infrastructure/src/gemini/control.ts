import { z } from "zod";
import type { Reply } from "./failures.ts";
import { asJson, type GeminiRequest } from "./request.ts";
import type { script } from "./script.ts";
import { wishesSchema } from "./script.ts";

const DONE: Reply = { status: 200, body: {} };

export interface ControlState {
  readonly requests: GeminiRequest[];
  readonly script: ReturnType<typeof script>;
}

export interface ControlCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** The stand-in's own API for tests in other processes: /control/script (POST, DELETE), /control/requests (GET, DELETE). */
export function control(state: ControlState, { method, path, body }: ControlCall): Reply {
  switch (`${method} ${path}`) {
    case "POST /control/script": {
      const wishes = wishesSchema.safeParse(asJson(body));
      if (!wishes.success) return { status: 400, body: { error: z.prettifyError(wishes.error) } };
      state.script.add(wishes.data);
      return DONE;
    }
    case "DELETE /control/script":
      state.script.clear();
      return DONE;
    case "GET /control/requests":
      return { status: 200, body: state.requests };
    case "DELETE /control/requests":
      state.requests.length = 0;
      return DONE;
    default:
      return { status: 404, body: { error: `no ${method} ${path}` } };
  }
}

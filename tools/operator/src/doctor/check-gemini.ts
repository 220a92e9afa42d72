import { z } from "zod";
import { examine, type Finding, failed, passed, skipped } from "./finding.ts";
import { type Answer, below, get, plain } from "./http.ts";
import type { DoctorSettings } from "./settings.ts";

type GeminiSettings = Pick<DoctorSettings, "GOOGLE_API_KEY" | "GEMINI_BASE_URL" | "GEMINI_MODEL">;
type Project = NonNullable<GeminiSettings["GOOGLE_API_KEY"]>[number];

const modelList = z.object({ models: z.array(z.object({ name: z.string() })) });
const refusal = z.object({
  error: z.object({
    status: z.string(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

const NOT_REACHED = "open the way out to GEMINI_BASE_URL (port 443), or correct it";

/** Each project's key and the model, by calls that cost no quota. The key travels in a header, never in a URL. */
export async function checkGemini(settings: GeminiSettings, now: () => number): Promise<Finding[]> {
  const { GOOGLE_API_KEY: projects } = settings;
  if (projects === undefined) return [skipped("Gemini", "GOOGLE_API_KEY is not set: bots could not answer")];
  const checks = projects.flatMap((project) => {
    const ask = (path: string) =>
      get(below(settings.GEMINI_BASE_URL, `v1beta/${path}`), {
        headers: { "x-goog-api-key": project.key },
        now,
      });
    const what = `Gemini key "${project.project}"`;
    return [
      examine({ what, remedy: NOT_REACHED, run: async () => judgeKey(project, await ask("models"), settings) }),
      examine({
        what: `Gemini model by "${project.project}"`,
        remedy: NOT_REACHED,
        run: async () => judgeModel(project, await ask(`models/${settings.GEMINI_MODEL}`), settings),
      }),
    ];
  });
  return Promise.all(checks);
}

function judgeKey({ project }: Project, { status, body }: Answer, { GEMINI_BASE_URL }: GeminiSettings): Finding {
  const what = `Gemini key "${project}"`;
  if (status === 200 && modelList.safeParse(body).success) return passed(what, `${plain(GEMINI_BASE_URL)} accepts it`);
  return failed(what, `refused: ${status} ${causeOf(body)}`, remedyFor(status, project));
}

function judgeModel({ project }: Project, { status, body }: Answer, { GEMINI_MODEL }: GeminiSettings): Finding {
  const what = `Gemini model by "${project}"`;
  if (status === 200) return passed(what, GEMINI_MODEL);
  if (status !== 404) return skipped(what, `${GEMINI_MODEL}: ${status} ${causeOf(body)}`);
  return failed(what, `there is no ${GEMINI_MODEL}`, "set GEMINI_MODEL to one that Google offers today");
}

/** Google's own word for the cause. Its message is left out: for some causes it quotes the key. */
function causeOf(body: unknown): string {
  const error = refusal.safeParse(body).data?.error;
  const cause = error?.details?.find(({ reason }) => reason)?.reason ?? error?.status ?? "";
  return /^[A-Z_]{1,60}$/.test(cause) ? cause : "not as Gemini does";
}

function remedyFor(status: number, project: string): string {
  const inAiStudio = `in Google AI Studio, for project "${project}"`;
  switch (status) {
    case 400:
    case 401:
      return `make a new key ${inAiStudio}, and put it into GOOGLE_API_KEY under the same name`;
    case 403:
      return `allow the Generative Language API to this key ${inAiStudio}; keep the name in GOOGLE_API_KEY`;
    case 429:
      return "wait a minute: the key is known, and Google has had enough calls for now";
    default:
      return NOT_REACHED;
  }
}

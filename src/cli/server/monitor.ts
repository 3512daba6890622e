/** What operators' programs ask a process for: /healthz, /readyz and /metrics. */

import type { HttpRequest, HttpResponse } from "../../server/http.js";
import type { Readiness } from "./health.js";
import type { Metrics } from "./metrics.js";

/** What there is to tell; undefined for what is not told here. */
export interface Told {
  readonly readiness: Pick<Readiness, "obstacles"> | undefined;
  readonly metrics: Pick<Metrics, "text" | "contentType"> | undefined;
}

/** Answers a request to one of the three; undefined for one that is for somebody else. */
export async function answerMonitor(
  request: Pick<HttpRequest, "method" | "url">,
  { readiness, metrics }: Told,
): Promise<HttpResponse | undefined> {
  const path = URL.canParse(request.url) ? new URL(request.url).pathname : "";
  const answer = answers[path];
  if (answer === undefined || (path === "/metrics" ? metrics : readiness) === undefined) return undefined;
  if (request.method !== "GET" && request.method !== "HEAD") return text(405, "Expected GET.\n", { Allow: "GET, HEAD" });
  const response = await answer({ readiness, metrics });
  return request.method === "HEAD" ? { ...response, body: undefined } : response;
}

/** The same for a listener of its own, which answers nothing else. */
export function monitorOnly(told: Told): { readonly handle: (request: HttpRequest) => Promise<HttpResponse> } {
  return { handle: async (request) => (await answerMonitor(request, told)) ?? text(404, "Expected /healthz, /readyz or /metrics.\n") };
}

const answers: Readonly<Record<string, ((told: Told) => Promise<HttpResponse>) | undefined>> = {
  // That it answers is the answer: a process that is stuck would not.
  "/healthz": async () => text(200, "ok\n"),
  "/readyz": async ({ readiness }) => {
    const obstacles = (await readiness?.obstacles()) ?? [];
    return obstacles.length === 0 ? text(200, "ok\n") : text(503, `not ready: ${obstacles.join(", ")}\n`);
  },
  "/metrics": async ({ metrics }) => {
    const body = (await metrics?.text()) ?? "";
    return text(200, body, { "Content-Type": metrics?.contentType ?? "text/plain" });
  },
};

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const bytes = new TextEncoder().encode(body);
  return {
    status,
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Length": String(bytes.length),
      "Cache-Control": "no-store",
      ...headers,
    },
    body: bytes,
  };
}

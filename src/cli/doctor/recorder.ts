/** A fetch that remembers what it carried. */

import type { Fetch } from "../../client/options.js";

/** One exchange over HTTP. */
export interface Exchange {
  readonly url: URL;
  /** Milliseconds from the request to the header of the answer, or to the failure. */
  readonly milliseconds: number;
  readonly status: number;
  readonly headers: Headers;
  /** When the answer came, by the clock of this machine. */
  readonly at: Date;
}

/** @param exchanges gets each exchange that was answered */
export function recording(fetch: Fetch, exchanges: Exchange[], now: () => Date): Fetch {
  return async (request) => {
    const start = performance.now();
    const response = await fetch(request);
    const milliseconds = Math.round(performance.now() - start);
    exchanges.push({ url: new URL(request.url), milliseconds, status: response.status, headers: response.headers, at: now() });
    return response;
  };
}

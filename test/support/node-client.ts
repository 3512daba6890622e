/** A process that fetches: `node-client.ts URL` prints the answer, closes nothing, and is expected to end by itself. */

import { nodeFetch } from "../../src/client/node/transport.js";

const [, , url = ""] = process.argv;

const answer = await nodeFetch({ proxy: "none" })(new Request(url)).then(
  (response) => response.text(),
  (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
);
process.stdout.write(answer);

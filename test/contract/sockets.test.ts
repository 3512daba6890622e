/** Over sockets: what carries requests on Node changes nothing of the verdict. */

import { expect, it } from "vitest";
import { nodeFetch } from "../../src/client/node/index.js";
import { checkService } from "../../src/contract/index.js";
import { listen } from "../../src/server/node/index.js";
import { alice, bob, createKit } from "./server.js";

const carriers = { "the global fetch": undefined, nodeFetch: nodeFetch() };

it.each(Object.entries(carriers))("our own server passes by %s", async (_, fetch) => {
  const kit = await createKit();
  const listening = await listen(kit.server, { host: "127.0.0.1", port: 0 });
  try {
    const broken: string[] = [];
    const options = { url: `${listening.url}/discovery`, auth: alice, otherAuth: bob, write: "long", fetch };
    for await (const { id, version, outcome, detail } of checkService(options))
      if (outcome !== "holds") broken.push(`${version} ${id} ${outcome}: ${detail}`);
    expect(broken).toEqual([]);
  } finally {
    await listening.close();
    await kit.stop();
  }
});

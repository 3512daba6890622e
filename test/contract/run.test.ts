/** The run: what it asks whom, what it leaves behind, and how it ends when nobody answers. */

import { describe, expect, it } from "vitest";
import { subscriptionRequest } from "../../src/contract/documents.js";
import { type CheckResult, type CheckServiceOptions, checkService } from "../../src/contract/index.js";
import { both, having, http, of, status, swap, whenever, withFault } from "./fault.js";
import { alice, bob, createKit, type Kit, origin, url } from "./server.js";

async function run(options: Partial<CheckServiceOptions> & Pick<CheckServiceOptions, "fetch">): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of checkService({ url, auth: alice, ...options })) results.push(result);
  return results;
}

async function withKit(action: (kit: Kit) => Promise<void>): Promise<void> {
  const kit = await createKit();
  try {
    await action(kit);
  } finally {
    await kit.stop();
  }
}

const outcomes = (results: readonly CheckResult[]): string[] => [...new Set(results.map(({ outcome }) => outcome))];
const few = { select: ["SVC-DISC-001", "SVC-POLL-001"] };

const taxiiFields = {
  "Content-Type": "application/xml",
  "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
  "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
  "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
};

/** Names of the collections that are subscribed to. */
async function subscribed(kit: Kit): Promise<string[]> {
  return (await kit.storage.subscriptions.find({})).map(({ collection }) => collection);
}

describe("what is asked", () => {
  it("sends no content and makes no subscription without a collection to write to", () =>
    withKit(async (kit) => {
      const sent: string[] = [];
      await run({
        fetch: async (request) => {
          sent.push(await request.clone().text());
          return kit.fetch(request);
        },
      });
      expect(sent.length).toBeGreaterThan(300);
      expect(sent.filter((text) => /<Inbox_Message|action="(?!STATUS)/.test(text))).toEqual([]);
      expect((await kit.storage.collection("long"))?.blockCount).toBe(8);
    }));

  it("writes to the collection that was named, and to no other", () =>
    withKit(async (kit) => {
      await run({ fetch: kit.fetch, write: "long", otherAuth: bob });
      const counts = await Promise.all(
        ["feed", "slow", "pushed", "set"].map(async (name) => (await kit.storage.collection(name))?.blockCount),
      );
      expect(counts).toEqual([5, 5, 0, 5]);
      expect((await kit.storage.collection("long"))?.blockCount).toBeGreaterThan(8);
    }));

  it("leaves addresses at other origins alone, and gives them no credentials", () =>
    withKit(async (kit) => {
      const origins = new Set<string>();
      const elsewhere = withFault(kit.fetch, swap(/http:\/\/taxii\.test\/poll/g, "http://elsewhere.test/poll"));
      const fetch: typeof elsewhere = (request) => {
        origins.add(new URL(request.url).origin);
        return elsewhere(request);
      };
      const results = await run({ fetch, select: ["SVC-GEN-001"] });
      expect([...origins]).toEqual([origin]);
      expect(outcomes(results)).toEqual(["holds"]);
      await run({ fetch, select: ["SVC-GEN-001"], origins: ["http://elsewhere.test"] });
      expect([...origins]).toEqual([origin, "http://elsewhere.test"]);
    }));

  it("asks what is advertised elsewhere at the origin of the URL when it is to", () =>
    withKit(async (kit) => {
      const behindProxy = withFault(kit.fetch, swap(/http:\/\/taxii\.test/g, "http://10.0.0.7:8080"));
      const results = await run({ fetch: behindProxy, rewriteOrigin: true, ...few });
      expect(outcomes(results)).toEqual(["holds"]);
    }));

  it("follows no redirect", () =>
    withKit(async (kit) => {
      const fetch = withFault(kit.fetch, async () => ({
        status: 307,
        headers: new Headers({ Location: "http://elsewhere.test/" }),
        text: "",
      }));
      const results = await run({ fetch, ...few });
      expect(outcomes(results)).toEqual(["not reachable"]);
      expect(results[0]?.detail).toContain("HTTP 307");
    }));
});

describe("what is left behind", () => {
  it("no subscription, also when checks fail on the way", () =>
    withKit(async (kit) => {
      const wrong = withFault(
        kit.fetch,
        swap(/<Poll_Instance>.*?<\/Poll_Instance>|status="PAUSED"/g, "", of("Subscription_Management_Request")),
      );
      const results = await run({ fetch: wrong, write: "long", select: ["SVC-SUB-*", "XML-SUB-*", "SVC-POLL-*"] });
      expect(results.some(({ outcome }) => outcome === "broken")).toBe(true);
      expect(await subscribed(kit)).toEqual([]);
    }));

  it("subscriptions that were there before", () =>
    withKit(async (kit) => {
      const body = subscriptionRequest("1.1", { collection: "long", action: "SUBSCRIBE" });
      const headers = { ...alice, ...taxiiFields };
      await kit.fetch(new Request(`${origin}/collections`, { method: "POST", headers, body }));
      expect(await subscribed(kit)).toEqual(["long"]);
      const results = await run({ fetch: kit.fetch, write: "long", select: ["SVC-SUB-0*"] });
      expect(outcomes(results.filter(({ id }) => id !== "SVC-SUB-002"))).toEqual(["not applicable"]);
      expect(results[0]?.detail).toContain("the account has subscriptions to the collection");
      expect(await subscribed(kit)).toEqual(["long"]);
    }));

  it("no subscription when the caller gives up", () =>
    withKit(async (kit) => {
      const stop = new AbortController();
      const fetch = withFault(
        kit.fetch,
        whenever(both(of("Subscription_Management_Request"), having('action="PAUSE"')), async ({ send }) => {
          stop.abort(new Error("enough"));
          return send();
        }),
      );
      await expect(run({ fetch, write: "long", select: ["SVC-SUB-007"], signal: stop.signal })).rejects.toThrow("enough");
      expect(await subscribed(kit)).toEqual([]);
    }));
});

describe("when nobody answers", () => {
  it("says why for a connection that cannot be made", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED\u001b[2J") }));
    const results = await run({ fetch });
    expect(outcomes(results)).toEqual(["not reachable"]);
    expect(results[0]?.detail).toBe("there is no answer: fetch failed: connect ECONNREFUSED\\u001b[2J");
  });

  it("waits no longer than it is told, also for a fetch that never ends", async () => {
    const results = await run({ fetch: () => new Promise(() => undefined), timeout: 20, ...few });
    expect([...new Set(results.map(({ detail }) => detail))]).toEqual(["there was no answer in time"]);
  });

  it("waits no longer for a body that never ends", async () => {
    const results = await run({ fetch: async () => new Response(new ReadableStream()), timeout: 20, ...few });
    expect([...new Set(results.map(({ detail }) => detail))]).toEqual(["there was no answer in time"]);
  });

  it("reads no more of a reply than it has to", async () => {
    const endless = (): Response =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(8 * 1024 * 1024).fill(32)) }));
    const results = await run({ fetch: async () => endless(), ...few });
    expect(results[0]?.detail).toContain("a reply is longer than");
  });

  it("goes on behind a service that fails in the middle", () =>
    withKit(async (kit) => {
      let count = 0;
      const fetch = withFault(
        kit.fetch,
        http(500, (exchange) => exchange.url.pathname === "/poll" && ++count > 8),
      );
      const results = await run({ fetch, select: ["SVC-POLL-*"] });
      expect(outcomes(results)).toContain("broken");
      expect(results.at(-1)?.id).toBe("SVC-POLL-007/owner");
    }));

  it("says that other credentials are needed, and calls nothing broken for it", () =>
    withKit(async (kit) => {
      const asking = ({ element }: { readonly element: string }): boolean => element.endsWith("Information_Request");
      const results = await run({ fetch: withFault(kit.fetch, status("UNAUTHORIZED", asking)), select: ["SVC-COL-003"] });
      expect(outcomes(results)).toEqual(["not applicable"]);
      expect(results[0]?.detail).toContain("other credentials");
    }));

  it("ends with the caller's signal", async () => {
    await expect(run({ fetch: () => new Promise(() => undefined), signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });
});

describe("what cannot be checked", () => {
  const fetch = () => Promise.reject(new Error("not to be asked"));

  it.each([
    [{ url: "taxii.test" }, 'expected an http or https URL, found "taxii.test"'],
    [{ url: "ftp://taxii.test" }, "expected an http or https URL"],
    [{ url: "http://me:secret@taxii.test" }, "the URL contains credentials; give them as auth"],
    [{ origins: ["elsewhere"] }, 'found "elsewhere"'],
    [{ select: ["SVC-NONE-*"] }, 'there is no check for "SVC-NONE-*"'],
  ])("%j", async (options, message) => {
    await expect(run({ fetch, ...options })).rejects.toThrow(message);
  });
});

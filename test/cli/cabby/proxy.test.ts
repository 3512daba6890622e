/** `taxii-proxy`: what each flag does, and to which side. */

import { describe, expect, it } from "vitest";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { statusMessage } from "../../../src/message/status-error.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { type Answer, producer, type Received, run } from "./kit.js";
import { reference } from "./reference.js";

const source = "https://one.test/poll";
const target = "https://two.test/inbox";
const required = ["--poll-path", source, "--poll-collection", "feed", "--inbox-path", target, "--inbox-collection", "box"];

async function proxy(args: readonly string[], answer?: Answer, options: TestEnvironmentOptions = {}) {
  const server = producer(answer);
  const result = await run("taxii-proxy", [...required, ...args], { ...options, ...server });
  const at = (url: string): readonly Received[] => server.received.filter((one) => one.url === url);
  const pushed = at(target).flatMap(({ message }) => (message.$type === "taxii11.InboxMessage" ? [message] : []));
  const polled = at(source).flatMap(({ message }) => (message.$type === "taxii11.PollRequest" ? [message] : []));
  return { ...result, received: server.received, polled, pushed, one: at(source)[0], two: at(target)[0] };
}

const authorization = (received: Received | undefined): string | null | undefined => received?.headers.get("authorization");

/** By flag: what shows that it works. */
const exercises: Readonly<Record<string, () => Promise<void>>> = {
  async "--poll-path"() {
    expect((await proxy([])).one?.url).toBe(source);
    expect((await run("taxii-proxy", ["--poll-path", "/poll", ...required.slice(2)])).err).toContain("--poll-path is the path");
  },
  async "--poll-collection"() {
    expect((await proxy([])).polled[0]?.collectionName).toBe("feed");
  },
  async "--poll-taxii-version"() {
    const { code, one, pushed } = await proxy(["--poll-taxii-version", "1.0"]);
    expect([code, one?.message.$type]).toEqual([0, "taxii10.PollRequest"]);
    expect(pushed[0]?.contentBlocks).toMatchObject([{ contentBinding: { bindingId: "urn:b" }, content: { text: "ten" } }]);
  },
  async "--poll-username"() {
    const { one, two } = await proxy(["--poll-username", "ann", "--poll-password", "hush"]);
    expect([authorization(one), authorization(two)]).toEqual([`Basic ${btoa("ann:hush")}`, null]);
  },
  async "--poll-password"() {
    const { one } = await proxy(["--poll-username", "ann"], undefined, { env: { TAXII_POLL_PASSWORD: "env", TAXII_PASSWORD: "other" } });
    expect(authorization(one)).toBe(`Basic ${btoa("ann:env")}`);
    expect((await proxy(["--poll-username", "ann"])).err).toContain("TAXII_POLL_PASSWORD");
  },
  async "--poll-verify"() {
    expect((await proxy(["--poll-verify", "no"])).code).toBe(0);
    expect((await proxy(["--poll-verify", "/nonexistent/p.pem"])).err).toContain("/nonexistent/p.pem");
  },
  async "--poll-cert"() {
    expect((await proxy(["--poll-cert", "/nonexistent/c.pem"])).err).toContain("/nonexistent/c.pem");
  },
  async "--poll-key"() {
    expect((await proxy(["--poll-key", "/nonexistent/k.pem"])).err).toContain("is given without its certificate");
  },
  async "--poll-key-password"() {
    expect((await proxy(["--poll-key-password", "hush"])).code).toBe(0);
  },
  async "--poll-jwt-auth"() {
    const { one, two } = await proxy(["--poll-jwt-auth", "https://one.test/auth", "--poll-username", "ann", "--poll-password", "hush"]);
    expect([authorization(one), authorization(two)]).toEqual(["Bearer t-1", null]);
  },
  async "--poll-header"() {
    const { one, two } = await proxy(["--poll-header", "X-A:1", "--poll-header", "X-B:2"]);
    expect([one?.headers.get("x-a"), one?.headers.get("x-b"), two?.headers.get("x-a")]).toEqual(["1", "2", null]);
  },
  async "--inbox-path"() {
    expect((await proxy([])).two?.url).toBe(target);
  },
  async "--inbox-collection"() {
    expect((await proxy([])).pushed[0]?.destinationCollectionNames).toEqual(["box"]);
  },
  async "--inbox-taxii-version"() {
    const { code, two, err } = await proxy(["--inbox-taxii-version", "1.0"]);
    expect([code, two?.message.$type]).toEqual([0, "taxii10.InboxMessage"]);
    expect(err).toContain("--inbox-collection has no effect");
  },
  async "--inbox-username"() {
    const { one, two } = await proxy(["--inbox-username", "bob", "--inbox-password", "hush"]);
    expect([authorization(one), authorization(two)]).toEqual([null, `Basic ${btoa("bob:hush")}`]);
  },
  async "--inbox-password"() {
    const { two } = await proxy(["--inbox-username", "bob"], undefined, { answers: ["asked"] });
    expect(authorization(two)).toBe(`Basic ${btoa("bob:asked")}`);
  },
  async "--inbox-verify"() {
    expect((await proxy(["--inbox-verify", "/nonexistent/p.pem"])).err).toContain("/nonexistent/p.pem");
  },
  async "--inbox-cert"() {
    expect((await proxy(["--inbox-cert", "/nonexistent/c.pem"])).err).toContain("/nonexistent/c.pem");
  },
  async "--inbox-key"() {
    expect((await proxy(["--inbox-key", "/nonexistent/k.pem"])).err).toContain("is given without its certificate");
  },
  async "--inbox-key-password"() {
    expect((await proxy(["--inbox-key-password", "hush"])).code).toBe(0);
  },
  async "--inbox-jwt-auth"() {
    const { one, two } = await proxy(["--inbox-jwt-auth", "https://two.test/auth", "--inbox-username", "bob", "--inbox-password", "hush"]);
    expect([authorization(one), authorization(two)]).toEqual([null, "Bearer t-1"]);
  },
  async "--inbox-header"() {
    const { one, two } = await proxy(["--inbox-header", "X-A:1"]);
    expect([one?.headers.get("x-a"), two?.headers.get("x-a")]).toEqual([null, "1"]);
  },
  async "--verbose"() {
    expect((await proxy(["-v"])).err).toContain("taxii-proxy: 1 polled, 0 pushed\n");
  },
  async "--binding"() {
    expect((await proxy([])).polled[0]?.pollParameters?.contentBindings).toMatchObject([{ bindingId: "urn:stix.mitre.org:xml:1.2" }]);
    expect((await proxy(["--binding", "urn:any"])).polled[0]?.pollParameters?.contentBindings).toMatchObject([{ bindingId: "urn:any" }]);
  },
  async "--limit"() {
    expect((await proxy(["-l", "1"])).pushed.flatMap(({ contentBlocks }) => contentBlocks)).toHaveLength(1);
    expect(await proxy(["-l", "0"])).toMatchObject({ code: 0, received: [] });
  },
  async "--begin"() {
    expect((await proxy(["--begin", "2024-01-31T00:00:00Z"])).polled[0]?.exclusiveBeginTimestamp).toBe("2024-01-31T00:00:00Z");
  },
  async "--end"() {
    expect((await proxy(["--end", "2024-01-31T00:00:00Z"])).polled[0]?.inclusiveEndTimestamp).toBe("2024-01-31T00:00:00Z");
  },
};

describe("taxii-proxy", () => {
  it("is tried with every flag", () =>
    expect(Object.keys(exercises).sort()).toEqual(reference["taxii-proxy"].map(({ long }) => long).sort()));

  it.each(Object.keys(exercises))("%s", async (flag) => exercises[flag]?.());

  it("keeps bindings, subtypes, remarks and content, and leaves labels to the receiver", async () => {
    const { code, out, err, pushed } = await proxy([]);
    expect([code, out, err]).toEqual([0, "", "taxii-proxy: 2 blocks polled, 2 pushed\n"]);
    expect(pushed.flatMap(({ contentBlocks }) => contentBlocks)).toEqual([
      { contentBinding: { bindingId: "urn:b" }, content: { xml: '<x xmlns="urn:x">1 &lt; 2</x>' } },
      { contentBinding: { bindingId: "urn:b", subtype: { subtypeId: "urn:s" } }, content: { text: "zwölf <" }, message: "a remark" },
    ]);
  });

  it("sends nothing where there is nothing", async () => {
    const { code, err, pushed } = await proxy([], (message) =>
      message.$type === "taxii11.PollRequest"
        ? create(taxii11.PollResponse, {
            inResponseTo: message.messageId,
            collectionName: "feed",
            inclusiveEndTimestamp: "2024-06-01T00:00:00Z",
          })
        : undefined,
    );
    expect([code, pushed, err]).toEqual([0, [], "taxii-proxy: 0 blocks polled, 0 pushed\n"]);
  });

  it("exits with 1 when a side refuses, and says which", async () => {
    const refuse =
      (type: string): Answer =>
      (message) =>
        message.$type === type ? statusMessage("DENIED", { inResponseTo: message.messageId }) : undefined;
    expect(await proxy([], refuse("taxii11.PollRequest"))).toMatchObject({
      code: 1,
      err: "taxii-proxy: 0 blocks polled, 0 pushed\ntaxii-proxy: DENIED\n",
    });
    expect(await proxy([], refuse("taxii11.InboxMessage"))).toMatchObject({
      code: 1,
      err: "taxii-proxy: box: DENIED\ntaxii-proxy: 2 blocks polled, 0 pushed\n",
    });
  });

  it("never shows a password", async () => {
    const { code, err } = await proxy(
      ["--poll-username", "ann", "--poll-password", "hush-hush"],
      () => new Response("hush-hush", { status: 500 }),
    );
    expect(code).toBe(1);
    expect(err).toMatch(/^(?!.*hush)/);
  });
});

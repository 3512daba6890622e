/** Connections, parts, waits, addresses: the client gets to the end, or says where it got stuck. */

import { describe, expect, it } from "vitest";
import { basic } from "../../src/client/node/index.js";
import { createAuthority } from "../support/certificates.js";
import { meet, polled } from "./kit.js";
import { httpBehindTls, localAddress, relativeAddress, twoPolls, twoPollsOneOwn } from "./peers/addresses.js";
import { crumbs, hangingUp, recovering, silent, slamming, stalled, truncated } from "./peers/connections.js";
import { allFirst, emptyInTheMiddle, oneTooMany, otherPart, otherResult, repeated, withoutId } from "./peers/parts.js";
import { pending, pendingForNothing, retrying } from "./peers/waiting.js";

const names = (contents: readonly string[]): string[] => contents.map((text) => text.split(" ")[0] ?? "");

describe("a connection", () => {
  it("that stays silent ends when its time is up", async () => {
    const { client } = await meet(silent, { timeouts: { headers: 200 } });
    expect((await polled(client)).error).toMatchObject({ code: "TIMEOUT", message: "no answer came within 200 ms" });
  });

  it("that stops gives what came whole, once, and then ends", async () => {
    const { client } = await meet(stalled, { timeouts: { idle: 300 } });
    const { contents, error } = await polled(client);
    expect(names(contents)).toEqual(["first"]);
    expect(error).toMatchObject({ code: "TIMEOUT", message: "nothing more of the answer came within 300 ms" });
  });

  it.each([
    ["between chunks", hangingUp("chunked"), "NETWORK"],
    ["before its Content-Length", hangingUp("length"), "NETWORK"],
    ["in the middle of the document", truncated, "TRUNCATED"],
  ])("that ends %s gives what came whole, once, and then the error", async (_name, answer, code) => {
    const { client, peer } = await meet(answer);
    const { contents, error, poll } = await polled(client);
    expect(names(contents)).toEqual(["first"]);
    expect(error).toMatchObject({ code });
    expect(poll.end).toBeUndefined();
    expect(peer.asked).toHaveLength(3);
  });

  it("that is slammed is tried again, and named when that does not help", async () => {
    expect(names((await polled((await meet(recovering(2))).client)).contents)).toEqual(["first", "second", "third"]);
    const { client, peer } = await meet(slamming);
    expect((await polled(client)).error).toMatchObject({ code: "NETWORK", message: expect.stringContaining(`${peer.url}/poll`) });
    expect(peer.asked).toHaveLength(3);
  });

  it("[HTTP-GEN-003] that sends chunks of one byte is read", async () => {
    expect(await polled((await meet(crumbs)).client)).toMatchObject({ contents: ["zwölf"], error: undefined });
  });

  it("that is silent ends when the caller has enough", async () => {
    const { client } = await meet(silent);
    const controller = new AbortController();
    const poll = polled(client, "feed", { signal: controller.signal });
    controller.abort(new Error("enough"));
    expect((await poll).error).toEqual(new Error("enough"));
  });
});

describe("a result in parts", () => {
  it("[SVC-MULTI-014] goes on behind an empty part", async () => {
    expect(await polled((await meet(emptyInTheMiddle)).client)).toMatchObject({ contents: ["one", "three"], error: undefined });
  });

  it("may call every part the first", async () => {
    const { client, warned } = await meet(allFirst);
    expect(await polled(client)).toMatchObject({ contents: ["one", "two", "three"], error: undefined });
    expect(warned).toEqual(["WRONG_PART_NUMBER"]);
  });

  it.each([
    ["repeats a part", repeated, "MISMATCH", "sent the same 1 content blocks twice"],
    ["has no id to ask for more", withoutId, "MISMATCH", "without a result_id to ask for them"],
    ["becomes another result", otherResult, "MISMATCH", 'a part of the result "r-1" and sent one of "r-2"'],
    ["skips to another part", otherPart, "MISMATCH", "was asked for part 2 and sent part 7"],
    ["announces a part that is not there", oneTooMany, "NOT_FOUND", "NOT_FOUND"],
  ])("[SVC-MULTI-003] that %s is not taken for complete", async (_name, answer, code, message) => {
    const { contents, error, poll } = await polled((await meet(answer)).client);
    expect(contents[0]).toBe("one");
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(poll.end).toBeUndefined();
  });
});

describe("a result that takes time", () => {
  it("[SVC-ASYNC-003] is waited for, and fetched part by part", async () => {
    const { client, peer } = await meet(pending(2));
    expect(await polled(client)).toMatchObject({ contents: ["part 1", "part 2"], error: undefined });
    expect(peer.asked.map(({ type }) => type)).toEqual(["Poll_Request", "Poll_Fulfillment", "Poll_Fulfillment", "Poll_Fulfillment"]);
    expect(peer.asked.slice(1).map((asked) => asked.attribute("result_id"))).toEqual(["later-1", "later-1", "later-1"]);
  });

  it("is fetched also when the server says it will push it where nobody listens", async () => {
    const { client } = await meet(pending(1, { WILL_PUSH: "true" }));
    expect(await polled(client)).toMatchObject({ contents: ["part 1", "part 2"], error: undefined });
  });

  it("is not waited for without end, nor without a name", async () => {
    const impatient = await polled((await meet(pending(1_000))).client, "feed", { wait: { min: 1, max: 5, total: 50 } });
    expect(impatient.error).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining('"later-1" is not ready') });
    expect(impatient.poll.result).toEqual({ id: "later-1", part: 1 });
    expect((await polled((await meet(pendingForNothing)).client)).error).toMatchObject({ code: "MISMATCH" });
  });

  it("comes behind RETRY, which is heeded, but not for ever", async () => {
    expect(await polled((await meet(retrying(2, "0"))).client)).toMatchObject({ contents: ["at last"], error: undefined });
    const { client, peer } = await meet(retrying(9, "0"));
    expect((await polled(client)).error).toMatchObject({ code: "RETRY", message: "RETRY: Too busy." });
    expect(peer.asked).toHaveLength(3);
  });
});

describe("an advertised address", () => {
  const path = "/discovery";
  const authority = createAuthority("Test");
  const server = authority.issue({ name: "taxii", hosts: ["127.0.0.1"] });
  const tls = { ca: authority.cert };

  it("of the server's own machine is named, and replaced where that is wanted", async () => {
    const { error } = await polled((await meet(localAddress, { path })).client);
    expect(error).toMatchObject({ code: "NETWORK", message: expect.stringContaining("http://localhost:1/poll could not be reached") });
    const { client, peer } = await meet(localAddress, { path, rewriteAddress: "origin" });
    expect((await polled(client)).contents).toEqual([`/poll?from=${new URL(peer.url).port}`]);
  });

  it("of http behind https gets no credentials, and is replaced where that is wanted", async () => {
    const auth = basic("ann", "hush");
    const { error } = await polled((await meet(httpBehindTls, { path, server, tls, auth })).client);
    expect(error).toMatchObject({ code: "NETWORK", message: expect.stringContaining("http://127.0.0.1:") });
    const { client, peer } = await meet(httpBehindTls, { path, server, tls, auth, rewriteAddress: "origin" });
    expect((await polled(client)).contents).toEqual(["/poll"]);
    expect(peer.asked.at(-1)?.headers.authorization).toBe(`Basic ${btoa("ann:hush")}`);
  });

  it("elsewhere gets no credentials", async () => {
    const elsewhere = await meet(recovering(0));
    const { client, peer } = await meet((asked, response, self) => relativeAddress(asked, response, { ...self, url: elsewhere.peer.url }), {
      path,
      auth: basic("ann", "hush"),
      rewriteAddress: (address) => new URL(address.pathname, elsewhere.peer.url),
    });
    await polled(client);
    expect(peer.asked.map(({ headers }) => headers.authorization)).toEqual([`Basic ${btoa("ann:hush")}`]);
    expect(elsewhere.peer.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it("may be a path", async () => {
    expect((await polled((await meet(relativeAddress, { path })).client)).contents).toEqual(["/services/poll"]);
  });

  it("that is one of two is chosen by the collection's own record, or all are named", async () => {
    expect((await polled((await meet(twoPollsOneOwn, { path })).client)).contents).toEqual(["/poll/b"]);
    const { client, peer } = await meet(twoPolls, { path });
    expect((await polled(client)).error).toMatchObject({
      code: "AMBIGUOUS_SERVICE",
      message: expect.stringMatching(/\/poll\/a .*\/poll\/b .*name one as address/),
    });
    expect((await polled(client, "feed", { address: `${peer.url}/poll/a` })).contents).toEqual(["/poll/a"]);
  });
});

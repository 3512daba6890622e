/** What the scripts that ask for content send and print. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { InterruptedError } from "../../../src/cli/interrupted.js";
import { fromXml } from "../../../src/codec/xml.js";
import { messageHeaders } from "../../../src/http/headers.js";
import { equals } from "../../../src/message/compare.js";
import type { AnyMessage } from "../../../src/message/exchanges.js";
import { toText } from "../../../src/message/forms.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { answer, block, peer, pollResponse, pollResponse10, type Run, respond, run, status, url, xmlOf } from "./kit.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-poll-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const label = "2015-01-02T03:04:05.000678Z";

type Replier = (message: AnyMessage) => AnyMessage | Response;

/** Polls without writing files. */
function poll(replier: Replier, args: readonly string[] = [], options: TestEnvironmentOptions = {}): Promise<Run> {
  return run("poll_client", ["-u", url, "--write", "none", ...args], { fetch: peer(replier).fetch, ...options });
}

/** A replier that keeps what it replied. */
function keeping<M extends AnyMessage>(replier: (message: AnyMessage) => M): { readonly replier: (message: AnyMessage) => M; last(): M } {
  const replies: M[] = [];
  return {
    replier: (message) => {
      const reply = replier(message);
      replies.push(reply);
      return reply;
    },
    last: () => {
      const reply = replies.at(-1);
      if (reply === undefined) throw new Error("there was no reply");
      return reply;
    },
  };
}

const replyIn = (out: string): string => /\n\nResponse:\n\n(.*\n)\n/s.exec(out)?.[1] ?? "";

describe("a reply that arrives in pieces", () => {
  const in11 = (message: AnyMessage): taxii11.PollResponse =>
    pollResponse(message, {
      recordCount: { value: 2 },
      inclusiveEndTimestamp: label,
      message: "hello",
      contentBlocks: [
        block("one", { contentBinding: { bindingId: "b", subtype: { subtypeId: "s" } }, padding: "pad", message: "m" }),
        { contentBinding: { bindingId: "b" }, content: { xml: "<ä/>" }, timestampLabel: label },
      ],
    });
  const in10 = (message: AnyMessage): taxii10.PollResponse =>
    pollResponse10(message, {
      message: "hello",
      contentBlocks: [
        { contentBinding: "b", content: { text: "one" }, padding: "pad" },
        { contentBinding: "b", content: { xml: "<ä/>" }, timestampLabel: label },
      ],
    });

  it("has the text of the whole reply", async () => {
    const { replier, last } = keeping(in11);
    const { out } = await poll(replier);
    expect(replyIn(out)).toBe(toText(taxii11.PollResponse, last()));
    expect(out).toContain("  === Content Block ===\n    Content Binding: b>s\n    Content length: 3\n");
  });

  it("has it in TAXII 1.0", async () => {
    const { replier, last } = keeping(in10);
    const { out } = await run("poll_client_10", ["-u", url, "--write", "none"], { fetch: peer(replier).fetch });
    expect(replyIn(out)).toBe(toText(taxii10.PollResponse, last()));
    expect(out).toContain("  === Content Block ===\n    Content Binding: b\n    Content Length: 3\n");
  });

  it("has the XML of the whole reply, on lines of its own", async () => {
    const { replier, last } = keeping(in11);
    const { out } = await poll(replier, ["--xml-output"]);
    const reply = fromXml(taxii11.PollResponse, replyIn(out));
    expect(equals(taxii11.PollResponse, reply, last())).toBe(true);
    expect(out).toContain("\n    <taxii_11:Content><ä/></taxii_11:Content>\n");
  });

  it("is printed and saved block by block, while the rest is still on its way", async () => {
    const destination = mkdtempSync(join(folder, "stream-"));
    let printed = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      printed = resolve;
    });
    const replier: Replier = (message) => {
      // Decoding begins when there is enough to tell the encoding by.
      const reply = { ...in11(message), message: "hello ".repeat(500) };
      const [head = "", second = ""] = xmlOf(reply).split(/(?<=<\/taxii_11:Content_Block>)/);
      const pieces = [head, second, "</taxii_11:Poll_Response>"];
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (pieces.length === 2) await gate;
          const piece = pieces.shift();
          if (piece === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(piece));
        },
      });
      return new Response(body, { headers: messageHeaders("1.1", "urn:taxii.mitre.org:protocol:http:1.0") });
    };
    const saved: number[] = [];
    // Were the reply read whole first, nothing would ever be printed, and the rest would never come.
    const { code } = await run("poll_client", ["-u", url, "--dest-dir", destination], {
      fetch: peer(replier).fetch,
      onOut: (piece) => {
        if (!Buffer.from(piece).includes("Content length: 3")) return;
        saved.push(readdirSync(destination).length);
        printed();
      },
    });
    expect([code, saved, readdirSync(destination).length]).toEqual([0, [1], 2]);
  });
});

describe("the rest of a result", () => {
  const partial = (init: Partial<taxii11.PollResponseInit>) => (message: AnyMessage) =>
    pollResponse(message, { more: true, resultPartNumber: 2, ...init });
  const commandIn = (out: string): string => /^ {2}(fulfillment_client .*)$/m.exec(out)?.[1] ?? "";

  it("comes with the command that gets it, fit for a shell", async () => {
    const { out, code } = await poll(partial({ collectionName: "it's/$HOME", resultId: "a;b c" }));
    expect(code).toBe(0);
    const script = `set -- ${commandIn(out)}; for word; do printf '%s\\n' "$word"; done`;
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\n")).toEqual([
      "fulfillment_client",
      ...["--url", url, "--collection", "it's/$HOME", "--result-id", "a;b c", "--result-part-number", "3", ""],
    ]);
  });

  it("is what that command asks for", async () => {
    const { out } = await poll(partial({ resultId: "r" }));
    const sent = peer();
    await run("fulfillment_client", [...commandIn(out).split(" ").slice(1), "--write", "none"], { fetch: sent.fetch });
    expect(sent.messages).toMatchObject([{ $type: "taxii11.PollFulfillment", collectionName: "feed", resultId: "r", resultPartNumber: 3 }]);
  });

  it("leaves the query of the address out, which may be a key", async () => {
    const { out } = await poll(partial({ resultId: "r" }), ["-u", `${url}?key=secret`]);
    expect(commandIn(out)).toContain(`--url '${url}?…' `);
    expect(out).not.toContain("secret");
  });

  it("cannot be asked for without an id, and a warning says so", async () => {
    const { out, err, code } = await poll(partial({}));
    expect([commandIn(out), code]).toEqual(["", 0]);
    expect(err).toContain("warning: the server announces more parts, but no result id");
  });

  it("is not mentioned when there is none", async () => expect((await poll(answer)).out).not.toContain("fulfillment_client"));

  it("can take time: the status is printed, and the command that gets the result", async () => {
    const details = { ESTIMATED_WAIT: "60", RESULT_ID: "r", WILL_PUSH: "false" };
    const statusDetail = { details: Object.entries(details).map(([name, text]) => ({ name, content: { text } })) };
    const { code, out, err } = await poll((message) => status(message, { statusType: "PENDING", statusDetail }));
    expect(out).toContain("Status Type: PENDING\n");
    expect(out).toContain("60 seconds");
    expect(commandIn(out)).toBe(`fulfillment_client --url ${url} --collection default --result-id r --result-part-number 1`);
    expect(err).toContain("poll_client: PENDING");
    expect(code).toBe(1);
  });
});

describe("what is no reply", () => {
  it("is printed as a status, and told on standard error, with exit code 1", async () => {
    const refuse: Replier = (message) => status(message, { statusType: "DENIED", message: "not you" });
    const { code, out, err } = await poll(refuse);
    expect(replyIn(out)).toMatch(/^Message Type: Status_Message\n.*\nStatus Type: DENIED\nMessage: not you\n$/s);
    expect([code, err]).toEqual([1, "poll_client: DENIED: not you\n"]);
    expect(replyIn((await poll(refuse, ["--xml"])).out)).toMatch(/^<\?xml .*status_type="DENIED"/s);
  });

  it("is printed in the form of TAXII 1.0 as well", async () => {
    const refuse = peer((message) => status(message, { statusType: "NOT_FOUND", message: "no such feed" }));
    const { code, out, err } = await run("poll_client_10", ["-u", url], { fetch: refuse.fetch });
    expect(replyIn(out)).toMatch(/\n {2}Status Type: NOT_FOUND\n {2}Status Message: no such feed\n$/);
    expect([code, err]).toEqual([1, "poll_client_10: NOT_FOUND: no such feed\n"]);
  });

  it("is no content when it is the status SUCCESS", async () => {
    const { code, out, err } = await poll((message) => status(message));
    expect(out).toContain("Status Type: SUCCESS\n");
    expect([code, err]).toEqual([0, "warning: the server answers with a Status Message SUCCESS; taken as no content\n"]);
  });

  it.each([
    [
      1,
      "a page that stands for a refusal",
      () => new Response("<html>no</html>", { status: 401, headers: { "content-type": "text/html" } }),
    ],
    [4, "a page", () => new Response("<html>\u001b[2J</html>", { headers: { "content-type": "text/html" } })],
    [4, "another message", (message: AnyMessage) => respond(pollResponse(message), "<a/>")],
    [4, "a reply to something else", (message: AnyMessage) => pollResponse({ ...message, messageId: "7" })],
  ])("gives exit code %i for %s, and prints no reply", async (expected, _, replier) => {
    const { code, out, err } = await poll(replier);
    expect(code).toBe(expected);
    expect(out).toMatch(/^Request:\n\n/);
    expect(out).not.toContain("Response:");
    expect(err).toMatch(/^poll_client: /m);
    expect(err).not.toContain("\u001b");
  });

  it.each([
    ["with the server's certificate, and says what can be done about it", "DEPTH_ZERO_SELF_SIGNED_CERT", true],
    ["with the client's certificate", "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", false],
    ["with the protocol", "ERR_SSL_WRONG_VERSION_NUMBER", false],
  ])("gives exit code 3 when TLS fails %s", async (_, code, advised) => {
    const found = await poll(() => {
      throw Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error(code), { code }) });
    });
    expect(found.err).toContain("poll_client: the TLS connection to http://taxii.test/poll failed");
    expect(found.err.includes("; --verify-server FILE names the authority to trust; --insecure goes without")).toBe(advised);
    expect(found.code).toBe(3);
  });

  it("can be a reply that breaks off: what was whole is there", async () => {
    const destination = mkdtempSync(join(folder, "broken-"));
    const replier: Replier = (message) => {
      const reply = pollResponse(message, { contentBlocks: [block("one", { timestampLabel: label }), block("two")] });
      return respond(reply, xmlOf(reply).replace(/<taxii_11:Content>two.*/s, "<taxii_11:Content>tw"));
    };
    const { code, out, err } = await poll(replier, ["--write", "clobber", "--dest-dir", destination]);
    expect(out).toMatch(/=== Content Block ===\n(.*\n)*File created: .*_STIX111_t2015\S*\.xml\n$/);
    expect(readdirSync(destination)).toHaveLength(1);
    expect(err).toContain("poll_client: TRUNCATED");
    expect(code).toBe(4);
  });
});

it("one request is sent, and not again", async () => {
  const busy = peer((message) => status(message, { statusType: "RETRY" }));
  const { code, err } = await run("poll_client", ["-u", url], { fetch: busy.fetch });
  expect([code, err, busy.requests.length]).toEqual([1, "poll_client: RETRY\n", 1]);
});

it("Ctrl-C ends a poll, and what was written is told", async () => {
  const destination = mkdtempSync(join(folder, "interrupted-"));
  const controller = new AbortController();
  const replier: Replier = (message) => {
    const [head = ""] = xmlOf(pollResponse(message, { message: "hello ".repeat(500), contentBlocks: [block("one"), block("two")] })).split(
      /(?<=<\/taxii_11:Content_Block>)/,
    );
    const body = new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(new TextEncoder().encode(head)) });
    return new Response(body, { headers: messageHeaders("1.1", "urn:taxii.mitre.org:protocol:http:1.0") });
  };
  const { code, err, out } = await run("poll_client", ["-u", url, "--dest-dir", destination], {
    fetch: peer(replier).fetch,
    signal: controller.signal,
    onOut: (piece) => {
      if (Buffer.from(piece).includes("=== Content Block ===")) controller.abort(new InterruptedError());
    },
  });
  expect([code, err]).toEqual([130, "poll_client: interrupted\n"]);
  expect(out).toContain(`\nFile created: ${destination}/`);
  expect(readdirSync(destination)).toHaveLength(1);
});

describe("what a peer says", () => {
  const replier: Replier = (message) => pollResponse(message, { message: "a\u009b2Jb\u202ec", collectionName: "x\u009by" });

  it("cannot act on a terminal", async () => {
    for (const args of [[], ["--xml-output"]]) {
      const { out } = await poll(replier, args, { outIsTerminal: true });
      expect(out).toContain("a\\u009b2Jb\\u202ec");
      expect(out).not.toMatch(/[\u009b\u202e]/);
    }
  });

  it("is left alone in XML for a program", async () => expect((await poll(replier, ["--xml-output"])).out).toContain("a\u009b2Jb\u202ec"));
});

describe("timestamps", () => {
  const begin = async (text: string): Promise<[unknown, string]> => {
    const sent = peer();
    const { err } = await run("poll_client", ["-u", url, "--write=none", `--begin-timestamp=${text}`], { fetch: sent.fetch });
    return [sent.messages[0] && Reflect.get(sent.messages[0], "exclusiveBeginTimestamp"), err];
  };

  it.each([
    ["2014-12-19T01:02:03Z", "2014-12-19T01:02:03Z"],
    ["2014-12-19t01:02:03.5z", "2014-12-19T01:02:03.5Z"],
    ["2014-12-19 01:02:03.000678+00:00", "2014-12-19T01:02:03.000678+00:00"],
    [" 2014-12-19 01:02 -0330 ", "2014-12-19T01:02:00-03:30"],
    ["2014-12-19T01:02:03,5+01", "2014-12-19T01:02:03.5+01:00"],
    ["2014-12-19Z", "2014-12-19T00:00:00Z"],
  ])("%j is %s", async (text, expected) => expect(await begin(text)).toEqual([expected, ""]));

  it.each([
    ["2014-12-19T01:02:03", "2014-12-19T01:02:03Z"],
    ["2014-12-19", "2014-12-19T00:00:00Z"],
  ])("%j is taken as UTC, and a warning says so", async (text, expected) =>
    expect(await begin(text)).toEqual([expected, `warning: --begin-timestamp has no UTC offset; taken as ${expected}\n`]),
  );

  it.each([
    "yesterday",
    "",
    "10:00Z",
    "2014-02-30T00:00:00Z",
    "2014-12-19T24:30:00Z",
    "20141219T000000Z",
    "2014-12-19T00:00:00+15:00",
    "x\u001b[2J",
  ])("%j is none, and nothing is sent", async (text) => {
    const sent = peer();
    const { code, err, out } = await run("poll_client_10", ["-u", url, "--end-timestamp", text], { fetch: sent.fetch });
    expect(err).toContain("poll_client_10: --end-timestamp: expected a timestamp such as 2014-12-19T12:00:00Z, found ");
    expect(err).not.toContain("\u001b");
    expect([code, out, sent.requests.length]).toEqual([2, "", 0]);
  });

  it("have to be in order, and no finer than labels are", async () => {
    const range = (from: string, to: string): Promise<Run> => poll(answer, ["--begin-timestamp", from, "--end-timestamp", to]);
    expect((await range("2014-12-19T00:00:00Z", "2014-12-19T00:00:01Z")).code).toBe(0);
    for (const wrong of [
      await range("2015-12-19T00:00:00Z", "2014-12-19T00:00:00Z"),
      await range("2014-12-19T00:00:00.1234567Z", "2015-12-19Z"),
    ]) {
      expect([wrong.code, wrong.out]).toEqual([2, ""]);
      expect(wrong.err).toMatch(/^poll_client: the request cannot be sent: /);
    }
  });
});

it("message ids are digits, which both versions allow", async () => {
  const sent = peer();
  for (const name of ["poll_client", "poll_client_10"] as const) await run(name, ["-u", url, "--write=none"], { fetch: sent.fetch });
  expect(sent.messages.map(({ messageId }) => /^\d+$/.test(messageId))).toEqual([true, true]);
});

/** `taxii proxy` and `taxii mirror --to`, between two servers in memory. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asPoll, block, createKit, inboxMessage, type Kit, pollRequest, textsOf } from "../../server/kit.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { jsonLines, taxii } from "../run.js";

let home: string;
let from: Kit;
let to: Kit;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "taxii-proxy-"));
  from = await createKit();
  to = await createKit();
  await from.ask("/inbox", inboxMessage([block("one"), block("two", "urn:other")], { destinationCollectionNames: ["feed"] }));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Two servers, by the host of the request; what each was sent for credentials. */
function network() {
  const authorizations: Record<string, Set<string | null>> = {};
  const fetch = async (request: Request): Promise<Response> => {
    const { host, pathname } = new URL(request.url);
    authorizations[host] ??= new Set();
    authorizations[host].add(request.headers.get("authorization"));
    const { server } = host === "from.test" ? from : to;
    // Both servers take themselves for taxii.test.
    return server.fetch(new Request(`http://taxii.test${pathname}`, request));
  };
  return { fetch, authorizations };
}

const sides = (poll: string, inbox: string): string[] => [
  ...[poll, "http://from.test/discovery", "--poll-rewrite-origin", "--poll-cleartext-auth"],
  ...[inbox, "http://to.test/discovery", "--inbox-rewrite-origin", "--inbox-cleartext-auth"],
];

const proxy = (args: readonly string[] = [], options: TestEnvironmentOptions = {}) =>
  taxii(["proxy", ...sides("--poll-url", "--inbox-url"), "--poll-collection", "feed", ...args], {
    fetch: network().fetch,
    home,
    ...options,
  });

const texts = async (kit: Kit, collectionName: string): Promise<string[]> =>
  textsOf(asPoll(await kit.ask("/poll", pollRequest({ collectionName }))));

describe("taxii proxy", () => {
  it("moves content from one server to the other", async () => {
    const { code, out, err } = await proxy(["--inbox-collection", "set", "--json"]);
    expect(err).toMatch(/^2 blocks \(6 bytes\) of feed, all taken by the inbox; complete up to /);
    expect(code).toBe(0);
    expect(await texts(to, "set")).toEqual(["one", "two"]);
    expect(jsonLines(out)).toMatchObject([{ collection: "feed", polled: 2, pushed: 2, bytes: 6 }]);
  });

  it("takes only what it is told to", async () => {
    expect((await proxy(["--inbox-collection", "set", "--binding", "urn:other", "--quiet"])).err).toBe("");
    expect(await texts(to, "set")).toEqual(["two"]);
    await proxy(["--inbox-collection", "set", "--limit", "1"]);
    expect(await texts(to, "set")).toEqual(["two", "one"]);
    expect((await proxy(["--begin", "2100-01-01"])).err).toContain("0 blocks");
  });

  it("says what the inbox says", async () => {
    const { code, err } = await proxy(["--inbox-collection", "nonsense"]);
    expect(code).toBe(1);
    expect(err).toContain("2 blocks (6 bytes) of feed, 0 blocks taken by the inbox");
    expect(err).toContain("taxii proxy: nonsense did not take all content: ");
  });

  it("gives each server its own credentials, and nobody else's", async () => {
    const { fetch, authorizations } = network();
    const env = {
      TAXII_POLL_USERNAME: "p",
      TAXII_POLL_PASSWORD: "poll-secret",
      TAXII_INBOX_USERNAME: "i",
      TAXII_INBOX_PASSWORD: "",
      TAXII_USERNAME: "x",
      TAXII_PASSWORD: "y",
      TAXII_URL: "http://wrong.test/",
    };
    const { code } = await proxy(["--inbox-collection", "set"], { fetch, env });
    expect(code).toBe(0);
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
    expect(authorizations).toEqual({ "from.test": new Set([basic("p:poll-secret")]), "to.test": new Set([basic("i:")]) });
  });

  it("shows no secret of either side", async () => {
    const env = { TAXII_POLL_USERNAME: "p", TAXII_POLL_PASSWORD: "poll-secret", TAXII_INBOX_TOKEN: "inbox-secret" };
    const fetch = async ({ url }: Request): Promise<Response> => new Response(`poll-secret inbox-secret ${url}`, { status: 500 });
    const { code, out, err } = await proxy(["--poll-retries", "0"], { fetch, env });
    expect(code).toBe(1);
    expect(out + err).not.toMatch(/poll-secret|inbox-secret/);
  });

  it.each([
    [["--poll-collection", "feed", "--poll-url", "http://a.test/"], "expected --inbox-url, TAXII_INBOX_URL or --inbox-profile"],
    [["--poll-collection", "feed", "--inbox-url", "http://a.test/"], "expected --poll-url, TAXII_POLL_URL or --poll-profile"],
    [["--poll-url", "http://a.test/", "--inbox-url", "http://b.test/"], "required option '--poll-collection"],
    [["--poll-collection", "feed", "--poll-url", "http://a.test/", "--inbox-url", "nonsense"], "expected an http or https URL"],
  ])("%j is wrong usage", async (args, expected) => {
    const { code, err } = await taxii(["proxy", ...args], {
      fetch: network().fetch,
      home,
      env: { TAXII_URL: "http://from.test/discovery" },
    });
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  it("asks for a password of each side by name of the server", async () => {
    const args = ["--inbox-collection", "set", "--poll-username", "p", "--inbox-username", "i"];
    const { code, environment } = await proxy(args, { answers: ["one", "two"] });
    expect(code).toBe(0);
    expect(environment.questions.map(({ question }) => question)).toEqual(["Password for p at from.test: ", "Password for i at to.test: "]);
  });
});

describe("taxii mirror --to", () => {
  const mirror = (args: readonly string[] = [], options: TestEnvironmentOptions = {}) => {
    const flags = [
      "--collection",
      "feed",
      "--rewrite-origin",
      "--to",
      "http://to.test/discovery",
      "--to-collection",
      "set",
      "--inbox-rewrite-origin",
    ];
    return taxii(["mirror", "http://from.test/discovery", ...flags, ...args], { fetch: network().fetch, home, ...options });
  };

  it("sends what is new, run after run", async () => {
    const first = await mirror();
    expect(first.err).toMatch(/^2 blocks new of feed in http:\/\/to\.test\/discovery/);
    expect(first.code).toBe(0);
    await from.ask("/inbox", inboxMessage([block("three")], { destinationCollectionNames: ["feed"] }));
    expect((await mirror(["--json"])).out).toContain('"new":1');
    expect((await mirror()).err).toContain("0 blocks new");
    expect(await texts(to, "set")).toEqual(["one", "two", "three"]);
  });

  it("keeps its state in the user's state folder, or where it is told", async () => {
    await mirror();
    const folder = join(home, ".local", "state", "taxii");
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^mirror-[0-9a-f]{16}\.json$/)]);
    await mirror([], { env: { XDG_STATE_HOME: join(home, "xdg") } });
    expect(readdirSync(join(home, "xdg", "taxii"))).toHaveLength(1);
    await mirror(["--state", join(home, "my.json")]);
    expect(readFileSync(join(home, "my.json"), "utf8")).toContain("to.test");
    expect(await texts(to, "set")).toHaveLength(6);
  });

  it("keeps a state for each place it goes to, in the same file", async () => {
    const state = ["--state", join(home, "my.json")];
    await mirror(state);
    const other = await taxii(
      [
        "mirror",
        "http://from.test/discovery",
        "--collection",
        "feed",
        "--rewrite-origin",
        "--to",
        "http://to.test/discovery",
        "--inbox-rewrite-origin",
        "--to-collection",
        "feed",
        ...state,
      ],
      { fetch: network().fetch, home },
    );
    expect(other.err).toContain("2 blocks new");
    expect(await texts(to, "feed")).toEqual(["one", "two"]);
  });

  it("does not go on behind what the inbox refused", async () => {
    const refused = await mirror(["--to-collection", "nonsense"]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("did not take all content");
    expect((await mirror()).err).toContain("2 blocks new");
  });

  it("says when the state file is broken, and leaves it", async () => {
    const { code, err } = await mirror(["--state", join(import.meta.dirname, "proxy.test.ts"), "--watch", "0.01"]).finally(() => {
      for (const name of readdirSync(import.meta.dirname)) if (name.endsWith(".lock")) rmSync(join(import.meta.dirname, name));
    });
    expect(code).toBe(4);
    expect(err).toContain("is broken");
  });
});

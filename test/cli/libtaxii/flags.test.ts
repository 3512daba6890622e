/** The flags of every script: that all of libtaxii's are there, and what each of them does. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connection } from "../../../src/cli/connection.js";
import { type LibtaxiiScript, libtaxiiCommands } from "../../../src/cli/libtaxii/index.js";
import type { AnyMessage } from "../../../src/message/exchanges.js";
import { readQuery } from "../../../src/message/query-body.js";
import { testEnvironment } from "../environment.js";
import { answer, block, peer, pollResponse, pollResponse10, type Run, run, url } from "./kit.js";

const { connections } = vi.hoisted(() => ({ connections: [] as Connection[] }));
vi.mock("../../../src/cli/connection.js", async (original) => {
  const actual = await original<typeof import("../../../src/cli/connection.js")>();
  const connect: typeof actual.connect = (connection, environment) => {
    connections.push(connection);
    return actual.connect(connection, environment);
  };
  return { ...actual, connect };
});
beforeEach(() => void connections.splice(0));

const folder = mkdtempSync(join(tmpdir(), "taxii-flags-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const pem = file("some.pem", "-----BEGIN CERTIFICATE-----\n");
const settings = file("settings.ini", "[libtaxii]\nusername = from-file\npass = p\ninsecure =\n");

/** What a run led to. */
interface Found extends Run {
  readonly message: AnyMessage;
  readonly request: Request;
  readonly connection: Connection;
}

/** Arguments that show a flag, and what has to come of them. */
interface Row {
  readonly args: readonly string[];
  /** Whether `--url` is given beside them. Default: true. */
  readonly url?: boolean;
  check(found: Found): void;
}

type Rows = Readonly<Record<string, readonly Row[]>>;

const row = (args: readonly string[], check: Row["check"]): Row => ({ args, check });
const alone = (args: readonly string[], check: Row["check"]): Row => ({ args, url: false, check });
const property = (message: AnyMessage, name: string): unknown => Reflect.get(message, name);
const sends = (args: readonly string[], expected: object): Row => row(args, ({ message }) => expect(message).toMatchObject(expected));

function commonRows(defaultPath: string): Rows {
  const addressed = (args: readonly string[], address: string): Row => alone(args, ({ request }) => expect(request.url).toBe(address));
  return {
    "--url": [
      addressed(["--url", "https://taxii.test/a/?key=b&c"], "https://taxii.test/a/?key=b&c"),
      addressed(["-u", "http://taxii.test:8080"], "http://taxii.test:8080/"),
      addressed([`-u=${url}`], url),
    ],
    "--host": [addressed(["--host", "taxii.test"], `http://taxii.test${defaultPath}`)],
    "--port": [addressed(["--port", "8080", "--host", "taxii.test"], `http://taxii.test:8080${defaultPath}`)],
    "--path": [
      addressed(["--path", "/a?b", "--host", "taxii.test"], "http://taxii.test/a?b"),
      addressed(["--path", "a", "--host", "taxii.test"], "http://taxii.test/a"),
    ],
    "--https": [
      addressed(["--https", "True", "--host", "taxii.test"], `https://taxii.test${defaultPath}`),
      addressed(["--https=False", "--host", "taxii.test"], `http://taxii.test${defaultPath}`),
    ],
    "--cert": [row(["--cert", pem], ({ connection }) => expect(connection.cert).toBe(pem))],
    "--key": [row(["--cert", pem, "--key", pem], ({ connection }) => expect(connection.key).toBe(pem))],
    "--username": [
      row(["--username", "me", "--pass", "", "--insecure"], ({ request }) =>
        expect(request.headers.get("authorization")).toBe(`Basic ${btoa("me:")}`),
      ),
    ],
    "--pass": [
      row(["--username", "me", "--pass", "p:q", "--insecure"], ({ request }) =>
        expect(request.headers.get("authorization")).toBe(`Basic ${btoa("me:p:q")}`),
      ),
    ],
    "--proxy": [
      row([], ({ connection }) => expect(connection.proxy).toBe("none")),
      row(["--proxy", "noproxy"], ({ connection }) => expect(connection.proxy).toBe("none")),
      row(["--proxy", "None"], ({ connection }) => expect(connection.proxy).toBe("environment")),
      row(["--proxy", "http://p:1"], ({ connection }) => expect(connection.proxy).toBe("http://p:1")),
    ],
    "--xml-output": [
      row(["--xml-output"], ({ out }) => expect(out).toMatch(/^Request:\n\n<\?xml .*\n\nResponse:\n\n<\?xml .*>\n\n/s)),
      row([], ({ out }) => expect(out).toMatch(/^Request:\n\nMessage Type: .*\n\nResponse:\n\nMessage Type: .*\n\n/s)),
    ],
    "--from-file": [row(["--from-file", settings], ({ connection }) => expect(connection.username).toBe("from-file"))],
    "--verify-server": [row(["--verify-server", pem], ({ connection }) => expect(connection.ca).toBe(pem))],
    "--insecure": [
      row(["--insecure"], ({ connection }) => expect(connection).toMatchObject({ insecure: true, cleartextAuth: true })),
      row([], ({ connection }) => expect([connection.insecure, connection.cleartextAuth]).toEqual([undefined, undefined])),
    ],
  };
}

const rangeRows: Rows = {
  "--begin-timestamp": [sends(["--begin-timestamp", "2014-12-19T00:00:00Z"], { exclusiveBeginTimestamp: "2014-12-19T00:00:00Z" })],
  "--end-timestamp": [sends(["--end-timestamp", "2014-12-19 00:00:00+01:00"], { inclusiveEndTimestamp: "2014-12-19T00:00:00+01:00" })],
};

const subscriptionRows: Rows = {
  "--subscription-id": [
    sends(["--subscription-id", "s"], { subscriptionId: "s" }),
    row(["--subscription-id", "s"], ({ message }) => expect(property(message, "pollParameters")).toBeUndefined()),
  ],
};

const fileRows: Rows = {
  "--dest-dir": [
    row(["--dest-dir", mkdtempSync(join(folder, "dest-"))], ({ out, message }) => {
      const path = /^File created: (.*)$/m.exec(out)?.[1] ?? "";
      expect(path.startsWith(folder), message.$type).toBe(true);
      expect(readFileSync(path, "utf8")).toBe("content");
    }),
  ],
  "--write": [
    row(["--write", "none", "--dest-dir", "/nonexistent"], ({ out }) => expect(out).not.toContain("File ")),
    row(["--write", "clobber"], ({ out }) => expect(out).toContain("\nFile created: ")),
  ],
};

const collectionRows: Rows = {
  "--collection": [sends(["--collection", "c"], { collectionName: "c" }), sends([], { collectionName: "default" })],
};

const queryTest = (args: readonly string[], expected: object): Row =>
  row(args, ({ message }) => {
    const query = message.$type === "taxii11.PollRequest" ? message.pollParameters?.query : undefined;
    expect(query && readQuery(query)).toMatchObject(expected);
  });
const criterion = (expected: object): object => ({ criteria: { operator: "AND", items: [{ criterion: expected }] } });
const parameters = (...named: readonly [string, string][]): object =>
  criterion({ test: { parameters: named.map(([name, value]) => ({ name, value })) } });

const queryRows: Rows = {
  "--tev": [
    queryTest(["--tev", "urn:stix.mitre.org:xml:1.2"], { targetingExpressionId: "urn:stix.mitre.org:xml:1.2" }),
    queryTest([], { targetingExpressionId: "urn:stix.mitre.org:xml:1.1.1" }),
  ],
  "--target": [queryTest(["--target", "**/Title"], criterion({ target: "**/Title" })), queryTest([], criterion({ target: "**/@id" }))],
  "--rel": [
    queryTest(["--rel", "not_equals"], criterion({ test: { relationship: "not_equals" } })),
    queryTest([], criterion({ test: { relationship: "equals" } })),
  ],
  "--cm": [
    queryTest(["--cm", "urn:taxii.mitre.org:query:capability:regex-1", "--rel", "matches"], {
      ...criterion({ test: { capabilityId: "urn:taxii.mitre.org:query:capability:regex-1" } }),
    }),
    queryTest([], criterion({ test: { capabilityId: "urn:taxii.mitre.org:query:capability:core-1" } })),
  ],
  "--value": [queryTest(["--value", "true"], parameters(["value", "true"], ["match_type", "case_insensitive_string"]))],
  "--match-type": [queryTest(["--match-type", "number", "--value", "1"], parameters(["value", "1"], ["match_type", "number"]))],
  "--case-sensitive": [
    queryTest(["--rel", "contains", "--case-sensitive", "False"], parameters(["value", "v"], ["case_sensitive", "false"])),
    queryTest(["--rel", "contains", "--case-sensitive=true"], parameters(["value", "v"], ["case_sensitive", "true"])),
  ],
};

const package_ = file("package.xml", `<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>ä</a>\n`);
const contentRows: Rows = {
  "--content-file": [
    row(["--content-file", file("text.txt", "a < b & c\n")], ({ message }) =>
      expect(property(message, "contentBlocks")).toMatchObject([{ content: { text: "a < b & c\n" } }]),
    ),
    row(["--content-file", "-"], ({ message }) =>
      expect(property(message, "contentBlocks")).toMatchObject([{ content: { xml: "<in/>" } }]),
    ),
  ],
};

const files: readonly string[] = ["--dest-dir", "--write"];
const common = [
  ...["--url", "--host", "--port", "--path", "--https", "--cert", "--key", "--username", "--pass"],
  ...["--proxy", "--xml-output", "--from-file", "--verify-server"],
];
const range = ["--begin-timestamp", "--end-timestamp", "--subscription-id"];
const query = ["--tev", "--target", "--rel", "--cm", "--value", "--match-type", "--case-sensitive"];

/** A script, its flags according to libtaxii beside the common ones, arguments it cannot do without, and rows for its flags. */
interface Subject {
  readonly flags: readonly string[];
  readonly defaultPath?: string;
  readonly needs?: readonly string[];
  readonly rows?: Rows;
}

const discovery: Subject = { flags: [], defaultPath: "/taxii-discovery-service" };
const subjects: Readonly<Record<LibtaxiiScript, Subject>> = {
  discovery_client: discovery,
  discovery_client_10: discovery,
  collection_information_client: { flags: [] },
  feed_information_client_10: { flags: [] },
  poll_client: {
    flags: ["--collection", ...range, ...files],
    rows: { ...collectionRows, ...rangeRows, ...subscriptionRows, ...fileRows },
  },
  poll_client_10: {
    flags: ["--feed", ...range, ...files],
    rows: {
      "--feed": [sends(["--feed", "f"], { feedName: "f" }), sends([], { feedName: "default" })],
      ...{ ...rangeRows, ...subscriptionRows, ...fileRows },
    },
  },
  fulfillment_client: {
    flags: ["--collection", "--result-id", "--result-part-number", ...files],
    needs: ["--result-id", "r"],
    rows: {
      ...collectionRows,
      "--result-id": [sends(["--result-id", "x"], { resultId: "x" })],
      "--result-part-number": [sends(["--result-part-number", "7"], { resultPartNumber: 7 }), sends([], { resultPartNumber: 1 })],
      ...fileRows,
    },
  },
  inbox_client: {
    flags: ["--content-binding", "--subtype", "--content-file", "--dcn"],
    rows: {
      ...contentRows,
      "--content-binding": [
        sends(["--content-binding", "urn:b", "--content-file", package_], {
          contentBlocks: [{ contentBinding: { bindingId: "urn:b" }, content: { xml: "<a>\u00c3\u00a4</a>\n" } }],
        }),
        sends([], { contentBlocks: [{ contentBinding: { bindingId: "urn:stix.mitre.org:xml:1.1.1" } }] }),
      ],
      "--subtype": [sends(["--subtype", "urn:s"], { contentBlocks: [{ contentBinding: { subtype: { subtypeId: "urn:s" } } }] })],
      "--dcn": [sends(["--dcn", "c"], { destinationCollectionNames: ["c"] }), sends([], { destinationCollectionNames: [] })],
    },
  },
  inbox_client_10: {
    flags: ["--content-binding", "--subtype", "--content-file"],
    rows: {
      ...contentRows,
      "--content-binding": [
        sends(["--content-binding", "urn:b", "--content-file", package_], { contentBlocks: [{ contentBinding: "urn:b" }] }),
        sends([], { contentBlocks: [{ contentBinding: "urn:stix.mitre.org:xml:1.1.1" }] }),
      ],
    },
  },
  query_client: {
    flags: ["--collection", ...range, ...files, ...query],
    needs: ["--value", "v"],
    rows: { ...collectionRows, ...rangeRows, ...fileRows, ...queryRows },
  },
};

/** Flags that can only fail, and are shown elsewhere: TAXII 1.0 has no subtypes, and a query no subscription. */
const refused: Readonly<Partial<Record<LibtaxiiScript, readonly string[]>>> = {
  inbox_client_10: ["--subtype"],
  query_client: ["--subscription-id"],
};

/** Answers polls with one block. */
function answerWithContent(message: AnyMessage): AnyMessage {
  if (message.$type === "taxii10.PollRequest")
    return pollResponse10(message, { contentBlocks: [{ contentBinding: "urn:b", content: { text: "content" } }] });
  return message.$type === "taxii11.PollRequest" || message.$type === "taxii11.PollFulfillment"
    ? pollResponse(message, { contentBlocks: [block("content")] })
    : answer(message);
}

let directories = 0;

async function found(name: LibtaxiiScript, { needs = [], flags }: Subject, { args, url: given = true }: Row): Promise<Found> {
  const destination = flags.includes("--dest-dir") ? ["--dest-dir", mkdtempSync(join(folder, `${directories++}-`))] : [];
  const all = [...needs, ...destination, ...(given ? ["--url", url] : []), ...args];
  const sent = peer(answerWithContent);
  const result = await run(name, all, { fetch: sent.fetch, input: "<in/>" });
  const [message, request, connection] = [sent.messages[0], sent.requests[0], connections[0]];
  expect(result.err.replace(/^(warning: --(cert|key|verify-server) |No --content-file|warning: .*deprecated|These flags).*\n/gm, "")).toBe(
    "",
  );
  expect(result.code).toBe(0);
  if (message === undefined || request === undefined || connection === undefined) throw new Error("nothing was sent");
  return { ...result, message, request, connection };
}

describe.each(Object.entries(subjects) as [LibtaxiiScript, Subject][])("%s", (name, subject) => {
  const { flags, defaultPath = "/taxii-data", rows = {} } = subject;
  const all: Rows = { ...commonRows(defaultPath), ...rows };

  it("has all flags of libtaxii, and one of our own", () => {
    const command = libtaxiiCommands[name]?.(testEnvironment());
    expect(command?.name()).toBe(name);
    expect(command?.options.map(({ long }) => long).sort()).toEqual([...common, ...flags, "--insecure"].sort());
    expect(command?.options.filter(({ short }) => short !== undefined).map(({ flags: [...text] }) => text.join(""))).toEqual([
      "-u, --url <url>",
    ]);
  });

  it("shows each of them", () =>
    expect(Object.keys(all).sort()).toEqual([...common, ...flags, "--insecure"].filter((flag) => !refused[name]?.includes(flag)).sort()));

  it("has a help", async () => {
    const { code, out, err } = await run(name, ["--help"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatchSnapshot();
    for (const short of ["-h", "--hel"]) expect((await run(name, [short])).out).toBe(out);
  });

  const cases = Object.entries(all).flatMap(([flag, list]) => list.map((one) => [flag, one.args.join(" "), one] as const));
  it.each(cases)("%s: %s", async (_flag, _args, one) => one.check(await found(name, subject, one)));
});

it("are all in the documentation, with what is different", () => {
  const text = readFileSync(new URL("../../../docs/from-libtaxii.md", import.meta.url), "utf8");
  const names = Object.keys(libtaxiiCommands).flatMap((name) => [name, ...(libtaxiiCommands[name]?.(testEnvironment()).options ?? [])]);
  const words = names.map((one) => (typeof one === "string" ? one : (one.long ?? "")));
  expect([...new Set(words)].filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
});

it("there are ten", () => expect(Object.keys(libtaxiiCommands)).toEqual(Object.keys(subjects)));

it("each is installed by its name", () => {
  const bins = readdirSync(new URL("../../../src/cli/bin", import.meta.url)).map((name) => name.replace(/\.ts$/, ""));
  expect(bins).toEqual(expect.arrayContaining(Object.keys(subjects)));
  for (const name of Object.keys(subjects)) {
    const text = readFileSync(new URL(`../../../src/cli/bin/${name}.ts`, import.meta.url), "utf8");
    expect(text).toContain(`runLibtaxii("${name}", `);
  }
});

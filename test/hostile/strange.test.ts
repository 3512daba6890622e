/** Names, ids and fields that are not what anybody would choose. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CollectionInformationRequest,
  InboxMessage,
  type Message,
  PollRequest,
  SubscriptionManagementRequest,
} from "../../generated/taxii11/index.js";
import { readCredentials } from "../../src/accounts/credentials.js";
import { createAuthenticator } from "../../src/accounts/index.js";
import { createLog } from "../../src/cli/server/log.js";
import { logObserver } from "../../src/cli/server/log-observer.js";
import { parseIdentifiers } from "../../src/http/headers.js";
import { acceptsXml, parseMediaType } from "../../src/http/media-type.js";
import { create } from "../../src/message/create.js";
import { validateXml } from "../../src/message/validate-xml.js";
import { Proxies } from "../../src/server/node/proxies.js";
import { memoryStorage } from "../../src/storage/index.js";
import { testEnvironment } from "../cli/environment.js";
import { block, write } from "../server/kit.js";
import { discoveryXml, expectNoLeak, expectToWork, fieldsOf, messageOf, requestBytes, start, type Target } from "./kit.js";
import { type Answer, exchange } from "./wire.js";

async function send({ port }: Pick<Target, "port">, body: string, fields: Readonly<Record<string, string>> = fieldsOf()): Promise<Answer> {
  const [answer] = await exchange(port, requestBytes(body, fields));
  if (answer === undefined) throw new Error("there was no answer");
  expectNoLeak(answer);
  return answer;
}

async function ask(server: Target, message: Message): Promise<Message> {
  const reply = messageOf(await send(server, write(message)));
  if (!reply.$type.startsWith("taxii11.")) throw new Error(`expected TAXII 1.1, found ${reply.$type}`);
  return reply as Message;
}

const properties = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf", "__defineGetter__"];

describe("names that every object has", () => {
  test.each(properties)("%s is a collection only where there is one", async (name) => {
    const server = await start();
    const exists = (await server.storage.collection(name)) !== undefined;
    const inbox = create(InboxMessage, { destinationCollectionNames: [name], contentBlocks: [block(name)] });
    expect(await ask(server, inbox)).toMatchObject({ statusType: exists ? "SUCCESS" : "NOT_FOUND" });
    const polled = await ask(server, create(PollRequest, { collectionName: name, pollParameters: {} }));
    if (exists) expect(polled).toMatchObject({ collectionName: name, contentBlocks: [{ content: { text: name } }] });
    else expect(polled).toMatchObject({ statusType: "NOT_FOUND" });
    for (const init of [{ subscriptionId: name }, { resultId: name }, { messageId: name }]) {
      if ("subscriptionId" in init) {
        const request = { action: "STATUS", collectionName: "feed", ...init } as const;
        expect(await ask(server, create(SubscriptionManagementRequest, request))).toMatchObject({ statusType: "NOT_FOUND" });
      } else if ("messageId" in init) {
        expect(await ask(server, create(CollectionInformationRequest, init))).toMatchObject({ inResponseTo: name });
      }
    }
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    await expectToWork(server);
  });

  test("mean nothing as header fields, accounts, permissions or content bindings", async () => {
    const storage = memoryStorage();
    await storage.putCollection({ name: "feed" });
    await storage.directory.putAccount({
      name: "__proto__",
      passwordHash: undefined,
      admin: false,
      disabled: false,
      permissions: {},
      certificates: [],
    });
    const server = await start({ server: { storage, authenticate: createAuthenticator({ storage }) } });
    for (const name of properties) {
      const fields = {
        ...fieldsOf(),
        [name]: name,
        "X-TAXII-Accept": `${name} urn:taxii.mitre.org:message:xml:1.1`,
        "Content-Type": `application/xml; ${name}=x`,
      };
      expect((await send(server, discoveryXml, fields)).status).toBe(200);
      const wrong = { ...fieldsOf(), Authorization: `Basic ${btoa(`${name}:${name}`)}` };
      expect((await send(server, discoveryXml, wrong)).status).toBe(401);
      expect((await send(server, discoveryXml, { ...fieldsOf(), "X-TAXII-Content-Type": name })).body.toString()).toContain(
        "UNSUPPORTED_MESSAGE",
      );
      const selecting = { pollParameters: { contentBindings: [{ bindingId: name }] }, collectionName: "feed" };
      expect(await ask(server, create(PollRequest, selecting))).toHaveProperty("statusType", "UNAUTHORIZED");
    }
  });
});

describe("texts that cannot be written", () => {
  test("as half a character, or a character that XML has not, are refused before anything is stored", async () => {
    const server = await start();
    for (const reference of [
      "&#xD800;",
      "&#xDFFF;",
      "&#xD83D;&#xDE00;",
      "&#0;",
      "&#xFFFE;",
      "&#x110000;",
      "&#1;",
      "\u0000",
      "\u0001",
      "\uFFFE",
    ]) {
      const name = write(create(InboxMessage, { destinationCollectionNames: ["NAME"], contentBlocks: [block("x")] })).replace(
        "NAME",
        reference,
      );
      expect(messageOf(await send(server, name))).toMatchObject({ statusType: "BAD_MESSAGE" });
    }
    // Half a character as UTF-8 has it, where that were possible.
    for (const bytes of ["\xed\xa0\x80", "\xed\xb0\x80", "\xed\xa0\xbd\xed\xb8\x80", "\xc0\x80", "\xff"]) {
      const [before = "", after = ""] = write(create(InboxMessage, { destinationCollectionNames: ["NAME"] })).split("NAME");
      const [answer] = await exchange(server.port, requestBytes(Buffer.from(`${before}${bytes}${after}`, "latin1")));
      if (answer === undefined) throw new Error("there was no answer");
      expect(messageOf(answer)).toMatchObject({ statusType: "BAD_MESSAGE" });
    }
    expect(await server.storage.count({ collection: "feed" })).toBe(0);
    await expectToWork(server);
  });

  test("come back as they are where XML has them, never as markup", async () => {
    const server = await start();
    const poll = write(create(PollRequest, { collectionName: "NAME", pollParameters: {} }));
    for (const name of [
      "&lt;a>&amp;&quot;'",
      "]]>",
      "a\u2028b",
      "\u202eevil",
      "😀",
      "\u009b31m",
      "a&#9;b",
      " a ",
      "urn:\u0130",
      "&lt;/t:Item>",
    ]) {
      const answer = await send(server, poll.replace("NAME", name));
      expect(messageOf(answer)).toMatchObject({ statusType: expect.stringMatching(/^(?:NOT_FOUND|BAD_MESSAGE)$/) });
      // A name that breaks a rule is repeated as it came; the schema is kept all the same.
      expect(validateXml(answer.body, { schemaOnly: true }).issues).toEqual([]);
    }
    await expectToWork(server);
  });
});

test("content whose binding is no URI does not keep the collections from being described [VER-X-003]", async () => {
  const server = await start();
  const inbox = write(
    create(InboxMessage, { destinationCollectionNames: ["feed"], contentBlocks: [block("x", "BINDING"), block("y", "urn:y")] }),
  );
  expect(messageOf(await send(server, inbox.replace("BINDING", "]]>")))).toMatchObject({ statusType: "SUCCESS" });
  const feeds = '<Feed_Information_Request xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1" message_id="1"/>';
  const answer = await send(server, feeds, fieldsOf("1.0"));
  expect(messageOf(answer)).toMatchObject({
    feeds: expect.arrayContaining([expect.objectContaining({ feedName: "feed", contentBindings: ["urn:y"] })]),
  });
  const polled = await ask(server, create(PollRequest, { collectionName: "feed", pollParameters: {} }));
  expect(polled).toMatchObject({ contentBlocks: [{ contentBinding: { bindingId: "]]>" } }, { contentBinding: { bindingId: "urn:y" } }] });
});

describe("a log [SEC-ID-006]", () => {
  /** Runs a server that logs as `taxii serve` does, and gives what it wrote. */
  async function logged(format: "json" | "text", act: (server: Target) => Promise<void>): Promise<string> {
    const environment = testEnvironment({ now: new Date(0) });
    const log = createLog({ level: "info", format, requests: true }, environment);
    const storage = memoryStorage();
    await storage.putCollection({ name: "feed" });
    const observer = logObserver(log, { requests: true });
    const authenticate = createAuthenticator({ storage, emit: (name, event) => void observer[name]?.(event) });
    await act(await start({ server: { storage, authenticate, observers: [observer] } }));
    return environment.err;
  }

  test.each(["json", "text"] as const)("in %s has a line for each event, whatever names peers have, and no secrets", async (format) => {
    const names = [
      'a\n{"level":"info","msg":"forged"}',
      "a\r\n2026-01-01 INFO forged",
      "\x1b[2Jcleared",
      "a\u2028b\u2029c\u0085d",
      "\u009b31mred",
      "a".repeat(10_000),
    ];
    const written = await logged(format, async (server) => {
      for (const name of names) {
        const credentials = Buffer.from(`${name}:hunter2-secret`).toString("base64").slice(0, 4000);
        await send(server, discoveryXml, { ...fieldsOf(), Authorization: `Basic ${credentials}`, Cookie: "session=hunter3-secret" });
      }
      await send(server, discoveryXml, { ...fieldsOf(), Authorization: "Bearer hunter4-secret" });
      await send(server, discoveryXml, { ...fieldsOf(), Authorization: "Digest hunter5-secret" });
    });
    const lines = written.trimEnd().split("\n");
    expect(lines).toHaveLength(2 * (names.length + 2));
    for (const line of lines) {
      if (format === "json") expect(JSON.parse(line)).toHaveProperty("level");
      else expect(line).toMatch(/^1970-01-01T00:00:00.000Z (?:INFO|WARN) /);
    }
    expect(written).not.toMatch(/hunter\d-secret/);
    expect(written).not.toContain(btoa("hunter2-secret").slice(0, 12));
    // What steers terminals, and what some take for the end of a line.
    expect(written.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(written).not.toMatch(/^(?:\{"level":"info","msg":"forged"|2026)/m);
  });

  test("is all that could know credentials: answers never do", async () => {
    const storage = memoryStorage();
    const server = await start({ server: { storage, authenticate: createAuthenticator({ storage }) } });
    const secrets = ["Basic aHVudGVyMi1zZWNyZXQ=", "Bearer hunter2-secret", "hunter2-secret", "Digest x=hunter2-secret"];
    for (const Authorization of secrets) {
      const { status, fields, body } = await send(server, discoveryXml, { ...fieldsOf(), Authorization, Cookie: "hunter2-secret" });
      expect(status).toBe(401);
      expect([...fields.values(), body.toString()].join()).not.toMatch(/hunter2|aHVudGVy/);
    }
  });
});

describe("reading header fields takes time in proportion to their length", () => {
  const hostile = [
    "a",
    ",",
    ";",
    '"',
    '\\"',
    " ",
    "=",
    "a/b;",
    'a/b;q="',
    "/",
    "*/*,",
    "\t",
    "a,",
    '";',
    "q=0.",
    "urn:a ",
    "=;",
    "for=;",
    "[",
    "::",
    "1.",
    " \t",
  ];
  const unit = fc.array(fc.constantFrom(...hostile), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const proxies = new Proxies({ trustedProxies: ["127.0.0.0/8"], forwardedBy: "forwarded" });
  const chain = new Proxies({ trustedProxies: ["127.0.0.0/8"] });

  /** A million characters: what took quadratic time would take hours. */
  test("whatever they repeat", () =>
    fc.assert(
      fc.property(unit, (part) => {
        const long = part.repeat(Math.ceil(200_000 / part.length));
        acceptsXml(long);
        parseMediaType(`application/xml;${long}`);
        parseMediaType(long);
        parseIdentifiers(long);
        readCredentials(long);
        readCredentials(`Basic ${long}`);
        proxies.statement({ forwarded: long });
        chain.statement({ "x-forwarded-for": long, "x-forwarded-host": long, "x-forwarded-proto": long });
      }),
      { numRuns: 25 },
    ));

  test("also in a server", async () => {
    const server = await start({ listen: { maxHeaderSize: 2_000_000, trustedProxies: ["127.0.0.1"] } });
    for (const name of [
      "Accept",
      "X-TAXII-Accept",
      "Content-Type",
      "Content-Encoding",
      "Authorization",
      "X-Forwarded-For",
      "X-Forwarded-Host",
      "X-TAXII-Services",
    ]) {
      for (const part of ["a/b;q=0.1, ", '"', "a=b;", ", "]) {
        const answer = await send(server, discoveryXml, { ...fieldsOf(), [name]: `x${part.repeat(100_000)}x` });
        expect([200, 400, 401, 406, 415]).toContain(answer.status);
        // What is echoed is cut short, or is nothing much beside the message.
        expect(answer.status).not.toBe(500);
      }
    }
    await expectToWork(server);
  });
});

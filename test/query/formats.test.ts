/** A query format of a third party: its types, its bodies in messages of every form, and a server that evaluates it. */

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PollRequest } from "../../generated/taxii11/index.js";
import { anyUri, attr, list, opt, type Shape, seq, shape, some, string } from "../../src/binding/index.js";
import { createClient } from "../../src/client/index.js";
import { queryFormats } from "../../src/constants.js";
import { ParseError } from "../../src/errors.js";
import { create, fromJson, fromXml, toJson, toText, toXml } from "../../src/index.js";
import { StatusError } from "../../src/message/status-error.js";
import * as q from "../../src/query/index.js";
import { createServer, defaultQuery, discovery, inbox, poll } from "../../src/server/index.js";
import { memoryStorage } from "../../src/storage/index.js";

const namespace = "urn:example.com:query:words-1";

interface Words {
  /** How many of the words a text has to have. */
  least: string;
  words: string[];
}

const WordsShape: Shape<Words> = shape({
  name: "example.Words",
  namespace,
  type: "WordsType",
  element: "Words",
  role: "element",
  layout: { text: ["  At Least: {least}", "  Word: {words}"] },
  fields: () => [attr("least", "least", string, { required: true }), list("words", "Word", string)],
  model: () => some("Word"),
  schema: () => z.strictObject({ least: z.string(), words: z.array(z.string()).min(1) }),
});

interface Languages {
  languages: string[];
}

const LanguagesShape: Shape<Languages> = shape({
  name: "example.Languages",
  namespace,
  type: "LanguagesType",
  element: "Languages",
  role: "element",
  layout: { text: ["  Language: {languages}"] },
  fields: () => [list("languages", "Language", anyUri)],
  model: () => seq(opt(some("Language"))),
  schema: () => z.strictObject({ languages: z.array(z.string()) }),
});

const words = q.defineQueryFormat({
  formatId: "urn:example.com:query:words-1",
  query: WordsShape,
  info: LanguagesShape,
  prepare({ least, words: wanted }, info) {
    const count = Number(least);
    if (!Number.isInteger(count)) throw new StatusError("BAD_MESSAGE", { message: `expected a number of words, found ${least}` });
    const fold = info?.languages.includes("en") === true;
    return ({ content }) => {
      if (!("text" in content)) return false;
      const found = new Set((fold ? content.text.toLowerCase() : content.text).split(/\W+/));
      return wanted.filter((word) => found.has(word)).length >= count;
    };
  },
});
const asked: Words = { least: "2", words: ["beacon", "port", "dns"] };

describe("[QRY-GEN-007] a query format", () => {
  it("has bodies of its own type", () => {
    const body = words.body(asked);
    expect(body.content.xml).toContain('="urn:example.com:query:words-1" least="2">');
    expect(words.read(body)).toEqual(asked);
    expect(words.readInfo(words.infoBody({ languages: ["en"] }))).toEqual({ languages: ["en"] });
    expect(() => words.read({ formatId: queryFormats.default10, content: body.content })).toThrow(ParseError);
    expect(() => words.read({ formatId: words.formatId, content: { text: "x" } })).toThrow("expected one <Words>");
  });

  it("goes into messages as XML, key by key as JSON, and line by line as text", () => {
    const request = create(PollRequest, { collectionName: "notes", pollParameters: { query: words.body(asked) } });
    const formats = [...q.defaultQueryFormats, words];
    expect(words.read(queryIn(fromXml(PollRequest, toXml(PollRequest, request))))).toEqual(asked);
    const json = toJson(PollRequest, request, { formats });
    expect(JSON.parse(json)).toMatchObject({ poll_parameters: { query: { format_id: words.formatId, least: "2", words: asked.words } } });
    expect(words.read(queryIn(fromJson(PollRequest, json, { formats })))).toEqual(asked);
    expect(toText(PollRequest, request, { formats })).toMatch(/At Least: 2\n.*Word: beacon\n/);
  });

  const queryIn = ({ pollParameters }: PollRequest) => {
    if (pollParameters?.query === undefined) throw new Error("there is no query");
    return pollParameters.query;
  };

  it("is evaluated on a server, beside Default Query", async () => {
    const storage = memoryStorage();
    await storage.putCollection({ name: "notes" });
    const queries = [defaultQuery(), words.handler({ languages: ["en"] })];
    const services = [discovery({ path: "/discovery" }), inbox({ path: "/inbox" }), poll({ path: "/poll", queries })];
    const { fetch } = createServer({ storage, services });
    const client = createClient("http://taxii.test/discovery", { fetch });
    const note = (text: string) => ({ contentBinding: { bindingId: "urn:example.com:note" }, content: { text } });
    await client.push(["A Beacon on port 53", "beacon", "dns and port", "nothing"].map(note));
    const found: string[] = [];
    for await (const { content } of client.poll("notes", { query: words.body(asked) })) if ("text" in content) found.push(content.text);
    expect(found).toEqual(["A Beacon on port 53", "dns and port"]);

    const [service] = (await client.discover()).filter(({ serviceType }) => serviceType === "POLL");
    const body = service?.supportedQueries.find(({ formatId }) => formatId === words.formatId);
    expect(body && words.readInfo(body)).toEqual({ languages: ["en"] });

    const refusal = async (query: Parameters<typeof words.read>[0]) => {
      try {
        await client.pollPart("notes", { query: { ...query } });
      } catch (error) {
        return error instanceof StatusError ? error.message : String(error);
      }
      return "none";
    };
    expect(await refusal(words.body({ ...asked, least: "two" }))).toBe("BAD_MESSAGE: expected a number of words, found two");
    expect(await refusal({ formatId: words.formatId, content: { xml: "<Other/>" } })).toMatch(
      /^BAD_MESSAGE: The query is malformed: expected one <Words>/,
    );
  });

  it("needs an identifier of its own, elements, and options where it has some", () => {
    const base = { formatId: "urn:example.com:f", query: WordsShape, prepare: () => () => true };
    expect(() => q.defineQueryFormat({ ...base, formatId: "words" })).toThrow("expected a URI with authority");
    expect(() => q.defineQueryFormat({ ...base, formatId: queryFormats.default10 })).toThrow("is Default Query");
    expect(() => q.defineQueryFormat({ ...base, query: { ...WordsShape, role: "component" } })).toThrow("is no element by itself");
    expect(() => words.handler()).toThrow("has to say what it supports");
    const bare = q.defineQueryFormat(base);
    expect(bare.handler().supported()).toEqual([{ formatId: base.formatId, content: { text: "" } }]);
    expect(bare.readInfo({ formatId: base.formatId, content: { text: "" } })).toBeUndefined();
  });
});

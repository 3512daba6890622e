/** A capability module, a vocabulary and a query format of third parties, from the definition to a server's answer. */

import { describe, expect, it } from "vitest";
import { createClient } from "../../src/client/index.js";
import { capabilityModules, contentBindings } from "../../src/constants.js";
import { StatusError } from "../../src/message/status-error.js";
import * as q from "../../src/query/index.js";
import { collectionManagement, createServer, defaultQuery, discovery, inbox, poll, type QueryHandler } from "../../src/server/index.js";
import { memoryStorage } from "../../src/storage/index.js";

/** Addresses of IPv4 as numbers. */
function addressOf(text: string): number | undefined {
  const parts = text
    .trim()
    .split(".")
    .map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return parts.length === 4 && parts.every((part) => part < 256) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

const network = q.defineCapabilityModule({
  id: "urn:example.com:query:capability:network-1",
  name: "net",
  relationships: {
    in_network: {
      parameters: {
        value: q.parameter.parsed(
          (text) => {
            const [, address = "", bits = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
            const base = addressOf(address);
            if (base === undefined || Number(bits) > 32) throw new TypeError("expected a network such as 192.0.2.0/24");
            return { text, base, size: 2 ** (32 - Number(bits)) };
          },
          ({ text }) => text,
        ),
        inverted: q.parameter.optional(q.parameter.boolean()),
      },
      test({ value: { base, size }, inverted = false }) {
        const first = base - (base % size);
        return (text) => {
          const address = addressOf(text);
          return address !== undefined && (address >= first && address < first + size) !== inverted;
        };
      },
      explain: ({ value, inverted = false }) => `is an address ${inverted ? "outside of" : "in"} ${value.text}`,
    },
  },
});
const parsedNetwork = (text: string) => ({ text, base: 0, size: 0 });

/** Lists of hosts: XML of our own, or lines of text. Names in targets are taken without regard to case. */
const ofHosts = q.vocabularyNames({ elements: ["fleet", "host", "address"], attributes: ["site"] });
const fleet = q.defineVocabulary({
  id: "urn:example.com:vocabulary:fleet-1",
  bindings: ["urn:example.com:fleet-1", "urn:example.com:fleet-lines-1"],
  names: {
    hasElement: (name) => ofHosts.hasElement(name.toLowerCase()),
    hasAttribute: (name) => ofHosts.hasAttribute(name.toLowerCase()),
    isOpen: () => false,
    suggest: (step) => ofHosts.suggest(step),
  },
  wildcards: { run: false },
  problem: (target: string) => (/address\/.*host/i.test(target) ? "no host is within an address" : undefined),
  expression: (target: string) => target.toLowerCase(),
  markup(content) {
    if ("xml" in content) return content.xml;
    const hosts = content.text.split("\n").map((line) => /^(\w+) ([\d.]+)$/.exec(line));
    if (hosts.some((host) => host === null)) return undefined;
    return `<fleet>${hosts.map((host) => `<host site="${host?.[1]}"><address>${host?.[2]}</address></host>`).join("")}</fleet>`;
  },
  preferredScopes: ["fleet/host/address"],
  allowedScopes: ["fleet/**"],
  example: "fleet/host/address",
});

const language = { modules: [network], vocabularies: [fleet] };
const inHouse = q.query(
  fleet,
  q.criterion("fleet/HOST/address", network, "in_network", { value: parsedNetwork("192.0.2.0/24") }),
  language,
);
const nearby = '<fleet><host site="lab"><address>192.0.2.9</address></host></fleet>';
const elsewhere = '<fleet><host site="dock"><address> 198.51.100.7 </address></host></fleet>';

// [QRY-GEN-007] [QRY-STR-006]
describe("[QRY-GEN-007] a capability module", () => {
  it("is asked for by its types", () => {
    const { items } = inHouse.criteria;
    expect(items).toEqual([
      {
        criterion: {
          negate: false,
          target: "fleet/HOST/address",
          test: { capabilityId: network.id, relationship: "in_network", parameters: [{ name: "value", value: "192.0.2.0/24" }] },
        },
      },
    ]);
    // @ts-expect-error no relationship of that name
    expect(() => q.criterion("a", network, "in_net", {})).toThrow('has no relationship "in_net"; it has in_network');
    // @ts-expect-error the value is missing
    expect(() => q.criterion("a", network, "in_network", {})).toThrow("in_network needs the parameter value");
    expect(() => q.criterion("a", network, "in_network", { value: parsedNetwork("192.0.2.0/33") })).toThrow(
      'criterion of "a": in_network: value: expected a network such as 192.0.2.0/24, found "192.0.2.0/33"',
    );
    // @ts-expect-error a parameter that is none
    expect(() => q.criterion("a", network, "in_network", { value: parsedNetwork("192.0.2.0/24"), bits: 1 })).toThrow("has no parameter");
  });

  it("is evaluated, also beside others and negated", () => {
    const outside = q.query(fleet, q.all(q.not(q.conditionOf(inHouse.criteria)), q.equals("fleet/host/@site", "dock")), language);
    expect([nearby, elsewhere].map((xml) => q.matches(inHouse, { xml }, language))).toEqual([true, false]);
    expect([nearby, elsewhere].map((xml) => q.matches(outside, { xml }, language))).toEqual([false, true]);
    const inverted = { value: parsedNetwork("192.0.2.0/24"), inverted: true };
    const query = q.query(fleet, q.criterion("fleet/host/address", network, "in_network", inverted), language);
    expect([nearby, elsewhere].map((xml) => q.matches(query, { xml }, language))).toEqual([false, true]);
    expect(q.explain(query, language)).toContain("is an address outside of 192.0.2.0/24");
  });

  it("is written as text by its short name, and in full where it is not known", () => {
    expect(q.formatQuery(inHouse, language)).toBe(`in '${fleet.id}' where fleet/HOST/address net:in_network 192.0.2.0/24`);
    expect(q.formatQuery(inHouse)).toBe(`in '${fleet.id}' where fleet/HOST/address '${network.id}':in_network(value=192.0.2.0/24)`);
    for (const text of [q.formatQuery(inHouse, language), q.formatQuery(inHouse)]) expect(q.parseQuery(text, language)).toEqual(inHouse);
    expect(() => q.parseQuery(`in ${fleet.id} where fleet/host/address net:in_network home`, language)).toThrow(
      /^expected a network such as 192\.0\.2\.0\/24\n.*\n {2} *\^{4}$/,
    );
  });

  it("is not known to anybody who was not given it", () => {
    expect(() => q.matches(inHouse, { xml: nearby }, { vocabularies: [fleet] })).toThrow(StatusError);
    expect(() => q.matches(inHouse, { xml: nearby }, { vocabularies: [fleet] })).toThrow("UNSUPPORTED_CAPABILITY_MODULE");
  });

  it("may have a relationship of any name, and refuse parameters that do not go together", () => {
    const own = q.defineCapabilityModule({
      id: "urn:example.com:own",
      relationships: {
        exists: {
          parameters: { min: q.parameter.number(), max: q.parameter.number() },
          test({ min, max }) {
            if (min > max) throw new RangeError("min is above max");
            return (text) => text.length >= min && text.length <= max;
          },
        },
      },
    });
    const asking = (min: number, max: number) =>
      q.query("urn:example.com:v", q.criterion("a/b", own, "exists", { min, max }), { modules: [own] });
    const found = (query: q.DefaultQuery) => q.matches(query, "<a><b/></a>", { modules: [own] });
    expect([found(asking(0, 1)), found(asking(1, 2))]).toEqual([true, false]);
    expect(() => found(asking(2, 1))).toThrow("BAD_MESSAGE: Parameters of exists: min is above max.");
  });

  it.each<[string, Parameters<typeof q.defineCapabilityModule>[0], string]>([
    ["no authority", { id: "module", relationships: { a: { parameters: {}, test: () => () => true } } }, "expected a URI with authority"],
    ["one of Default Query", { id: capabilityModules.core, relationships: {} }, "is one of Default Query"],
    ["a name that is taken", { id: "urn:example.com:x", name: "core", relationships: {} }, '"core" is no name'],
    ["nothing in it", { id: "urn:example.com:x", relationships: {} }, "has no relationship"],
  ])("is refused with %s", (_name, definition, message) => expect(() => q.defineCapabilityModule(definition)).toThrow(message));
});

describe("[QRY-TE-009] a vocabulary", () => {
  it("has names, rules and wildcards of its own", () => {
    const refusals = ["fleet/ship", "**/address", "fleet/address/host", "fleet//host"].map((target) => {
      try {
        q.query(fleet, q.any(q.exists("fleet"), { criterion: { ...criterionAt(target) } }), language);
      } catch (error) {
        return (error as Error).message.replace(/^.*the target /, "");
      }
      return "";
    });
    expect(refusals).toEqual([
      '"fleet/ship" is outside of the vocabulary: the vocabulary has no element "ship"',
      '"**/address" is none: the vocabulary has no **',
      '"fleet/address/host" is outside of the vocabulary: no host is within an address',
      '"fleet//host" is none: expected a name between the slashes',
    ]);
  });

  const criterionAt = (target: string) => ({ ...first(inHouse), target });
  const first = ({ criteria: { items } }: q.DefaultQuery) => {
    const [item] = items;
    if (item === undefined || !("criterion" in item)) throw new Error("a criterion was expected");
    return item.criterion;
  };

  it("says what its targets mean, and makes markup of what it describes", () => {
    const lines = (text: string, bindingId = "urn:example.com:fleet-lines-1") => ({
      contentBinding: { bindingId, subtypeIds: [] },
      content: { text },
    });
    const { verdict } = q.matcher(inHouse, language);
    expect(verdict(lines("lab 192.0.2.9\ndock 198.51.100.7"))).toBe("match");
    expect(verdict(lines("dock 198.51.100.7"))).toBe("no match");
    expect(verdict(lines("192.0.2.9"))).toBe("undecidable");
    expect(verdict(lines("lab 192.0.2.9", "urn:example.com:other"))).toBe("undecidable");
  });

  it.each<[string, Partial<q.VocabularyDefinition>, string]>([
    ["no authority", { id: "fleet" }, "expected a URI with authority"],
    ["an example that is none", { example: "a//b" }, 'the example "a//b" of urn:example.com:v is none'],
    ["a scope that is none", { allowedScopes: ["a/"] }, 'the scope "a/" of urn:example.com:v is none'],
  ])("is refused with %s", (_name, part, message) =>
    expect(() => q.defineVocabulary({ id: "urn:example.com:v", example: "a/b", ...part })).toThrow(message),
  );
});

async function member(...queries: QueryHandler[]) {
  const storage = memoryStorage();
  await storage.putCollection({ name: "hosts" });
  const services = [
    discovery({ path: "/discovery" }),
    collectionManagement({ path: "/collections", queries }),
    inbox({ path: "/inbox" }),
    poll({ path: "/poll", queries }),
  ];
  const { fetch } = createServer({ storage, services });
  const client = createClient("http://taxii.test/discovery", { fetch });
  const block = (content: { xml: string } | { text: string }, bindingId: string) => ({ contentBinding: { bindingId }, content });
  await client.push([
    block({ xml: nearby }, "urn:example.com:fleet-1"),
    block({ xml: elsewhere }, "urn:example.com:fleet-1"),
    block({ text: "lab 192.0.2.77" }, "urn:example.com:fleet-lines-1"),
    block({ xml: nearby }, contentBindings.stix111),
  ]);
  const found = async (query: NonNullable<Parameters<typeof client.poll>[1]>["query"], check = true) => {
    const texts: string[] = [];
    for await (const { content } of client.poll("hosts", { query, checkQuery: check }))
      texts.push("xml" in content ? content.xml : content.text);
    return texts.sort();
  };
  return { client, found };
}

describe("on a server", () => {
  it("[QRY-GEN-007] [QRY-TE-009] modules and vocabularies are advertised, checked and evaluated", async () => {
    const { client, found } = await member(defaultQuery({ vocabularies: [fleet], modules: ["core", network] }));
    expect(await found(inHouse)).toEqual([nearby, "lab 192.0.2.77"]);
    const [advertised] = (await client.discover()).filter(({ serviceType }) => serviceType === "POLL");
    const [supported] = advertised?.supportedQueries ?? [];
    expect(supported && q.readQueryInfo(supported)).toEqual(q.queryInfo({ vocabularies: [fleet], modules: ["core", network] }));
    const subscription = await client.subscribe("hosts", { query: inHouse });
    expect(subscription.subscriptionParameters?.query && q.readQuery(subscription.subscriptionParameters.query)).toEqual(inHouse);
    const outside = { ...inHouse, criteria: q.query("urn:example.com:v", q.exists("**/address")).criteria };
    await expect(found(outside, false)).rejects.toThrow(
      'UNSUPPORTED_TARGETING_EXPRESSION: The target "**/address" is none: the vocabulary has no **.',
    );
    const regex = q.query(fleet, q.matchesPattern("fleet/host/address", "^192"), language);
    await expect(found(regex, false)).rejects.toThrow("UNSUPPORTED_CAPABILITY_MODULE");
  });
});

/** The queries of query_client: every relationship of every module, with every parameter. */

import { describe, expect, it } from "vitest";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { capabilityModules, matchTypes, relationships, timestampRelationshipAliases } from "../../../src/constants.js";
import { findModule } from "../../../src/message/capabilities.js";
import { readQuery } from "../../../src/message/query-body.js";
import { validate } from "../../../src/message/validate.js";
import { peer, type Run, run, status, url } from "./kit.js";

interface Asked extends Run {
  readonly test: { readonly relationship: string; readonly parameters: Readonly<Record<string, string>> } | undefined;
}

async function query(...args: string[]): Promise<Asked> {
  const sent = peer();
  const found = await run("query_client", ["-u", url, "--write", "none", ...args], { fetch: sent.fetch });
  const [message] = sent.messages;
  if (message?.$type !== "taxii11.PollRequest" || message.pollParameters?.query === undefined) return { ...found, test: undefined };
  expect(validate(taxii11.PollRequest, message)).toEqual({ valid: true, issues: [] });
  const [item] = readQuery(message.pollParameters.query).criteria.items;
  if (item === undefined || !("criterion" in item)) throw new Error("no criterion");
  const { relationship, parameters } = item.criterion.test;
  return { ...found, test: { relationship, parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])) } };
}

const values: Readonly<Record<string, string>> = {
  [capabilityModules.timestamp]: "2014-12-19T00:00:00Z",
  [capabilityModules.regex]: "a.*b",
};

const all = [
  ...relationships.core.map((name) => [capabilityModules.core, name] as const),
  ...relationships.regex.map((name) => [capabilityModules.regex, name] as const),
  ...relationships.timestamp.map((name) => [capabilityModules.timestamp, name] as const),
];

describe.each(all)("%s %s", (cm, rel) => {
  const definition = findModule(cm)?.[rel] ?? {};
  const value = values[cm] ?? "10";
  const args = ["--cm", cm, "--rel", rel, ...("value" in definition ? ["--value", value] : [])];

  it("is sent with its parameters, and valid", async () => {
    const { code, err, test } = await query(...args);
    expect([code, err]).toEqual([0, ""]);
    expect(test).toEqual({
      relationship: rel,
      parameters: {
        ...("value" in definition ? { value } : {}),
        ...("match_type" in definition ? { match_type: "case_insensitive_string" } : {}),
        ...("case_sensitive" in definition ? { case_sensitive: "true" } : {}),
      },
    });
  });

  it.each([
    ["match_type", "--match-type", matchTypes],
    ["case_sensitive", "--case-sensitive", ["true", "false"]],
  ])("takes %s if it has it", async (name, flag, choices) => {
    for (const choice of choices) {
      const { code, err, test } = await query(...args, flag, choice);
      if (name in definition) expect([code, test?.parameters[name]]).toEqual([0, choice]);
      else expect([code, test, err]).toEqual([2, undefined, `query_client: ${flag} does not go with --rel ${rel}\n`]);
    }
  });

  it("has a value, or has none", async () => {
    const without = ["--cm", cm, "--rel", rel];
    const { code, err } = await query(...without, ...("value" in definition ? [] : ["--value", "x"]));
    const reason = "value" in definition ? `--rel ${rel} needs --value` : `--value does not go with --rel ${rel}`;
    expect([code, err]).toEqual([2, `query_client: ${reason}\n`]);
  });
});

it.each(["UNSUPPORTED_QUERY", "UNSUPPORTED_CAPABILITY_MODULE"] as const)(
  "a server that answers %s is told of in one line, with a way on",
  async (statusType) => {
    const { fetch } = peer((message) => status(message, { statusType }));
    const { code, err } = await run("query_client", ["-u", url, "--write", "none", "--value", "x"], { fetch });
    expect(code).toBe(1);
    expect(err.split("\n")).toContain(
      "The server does not answer this query; taxii query --client-side fetches everything, and searches it here.",
    );
    const failing = await run("query_client", ["-u", url, "--write", "none", "--value", "x"], {
      fetch: peer((message) => status(message, { statusType: "UNAUTHORIZED" })).fetch,
    });
    expect(failing.err).not.toContain("--client-side");
  },
);

it.each(Object.entries(timestampRelationshipAliases))("%s of the timestamp module goes out as %s", async (rel, official) => {
  const { test } = await query("--cm", capabilityModules.timestamp, "--rel", rel, "--value", "2014-12-19T00:00:00Z");
  expect(test?.relationship).toBe(official);
});

it.each([
  [["--rel", "matches", "--value", "x"], `--rel matches is none of --cm ${capabilityModules.core}; expected one of equals, not_equals, `],
  [["--cm", capabilityModules.regex, "--value", "x"], `--rel equals is none of --cm ${capabilityModules.regex}; expected one of matches`],
  [["--rel", "greater_than", "--value", "x"], "the request cannot be sent: pollParameters.query.content"],
  [["--match-type", "number", "--value", "x"], "expected a number"],
  [["--cm", capabilityModules.timestamp, "--value", "yesterday"], "expected a date-time of RFC 3339"],
  [["--cm", capabilityModules.regex, "--rel", "matches", "--value", "("], "the request cannot be sent: "],
  [["--target", "a//b", "--value", "x"], "expected a name between the slashes"],
  [["--subscription-id", "s", "--value", "x"], "--subscription-id: a subscription has a query of its own"],
  [["--rel", "likes"], "Allowed choices are equals, "],
  [["--cm", "urn:other"], "Allowed choices are urn:taxii.mitre.org:query:capability:core-1, "],
  [["--match-type", "fuzzy"], "Allowed choices are case_sensitive_string, "],
  [["--case-sensitive", "maybe"], "Expected True or False."],
])("%j is wrong usage, and nothing is sent", async (args, message) => {
  const { code, err, test, out } = await query(...args);
  expect(err).toContain(message);
  expect([code, test, out]).toEqual([2, undefined, ""]);
});

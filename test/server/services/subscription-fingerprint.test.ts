/** When two subscriptions ask for the same. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PushParameter, SubscriptionParameters, type SubscriptionParametersInit } from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { fingerprintOf } from "../../../src/server/services/subscription-fingerprint.js";

const of = (init: SubscriptionParametersInit, push?: PushParameter): Promise<string> =>
  fingerprintOf(create(SubscriptionParameters, init), push);

const markup = (xml: string): SubscriptionParametersInit => ({ query: { formatId: "urn:q", content: { xml } } });

const target: PushParameter = { protocolBinding: "urn:p", address: "https://a.test/", messageBinding: "urn:m" };

describe("fingerprints [SVC-SUB-015]", () => {
  test("are short, whatever was asked for", async () => {
    expect(await of(markup(`<q>${"x".repeat(100_000)}</q>`))).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[string, SubscriptionParametersInit, SubscriptionParametersInit]>([
    ["defaults", {}, { responseType: "FULL", contentBindings: [] }],
    [
      "order of bindings and subtypes",
      { contentBindings: [{ bindingId: "urn:a", subtypes: [{ subtypeId: "urn:1" }, { subtypeId: "urn:2" }] }, { bindingId: "urn:b" }] },
      {
        contentBindings: [
          { bindingId: "urn:b" },
          { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:2" }, { subtypeId: "urn:1" }, { subtypeId: "urn:2" }] },
        ],
      },
    ],
    [
      "several entries for one binding",
      {
        contentBindings: [
          { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:1" }] },
          { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:2" }] },
        ],
      },
      { contentBindings: [{ bindingId: "urn:a", subtypes: [{ subtypeId: "urn:1" }, { subtypeId: "urn:2" }] }] },
    ],
    [
      "a binding with all its subtypes, and some of them",
      { contentBindings: [{ bindingId: "urn:a" }, { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:2" }] }] },
      { contentBindings: [{ bindingId: "urn:a" }] },
    ],
    [
      "prefixes, order of attributes, quotes, comments, references",
      markup("<q:a xmlns:q='urn:n' x='1' y=\"&lt;\"><!-- c --><q:b/>A&amp;B</q:a>"),
      markup('<a xmlns="urn:n" y="&#60;" x="1"><b></b>A<![CDATA[&]]>B</a>'),
    ],
    [
      "prefixes in values that mean the same",
      markup("<a xmlns:s='urn:n' t='/s:x'/>"),
      markup("<a xmlns:o='urn:o' xmlns:s='urn:n' t='/s:x'/>"),
    ],
  ])("are equal but for %s", async (_, first, second) => {
    expect(await of(first)).toBe(await of(second));
    expect(await of(first, target)).toBe(await of(second, { ...target }));
    expect(await of(first, target)).not.toBe(await of(first));
  });

  test("of no parameters are those of the defaults", async () => {
    expect(await fingerprintOf(undefined, target)).toBe(await of({}, target));
  });

  test("differ where something else is asked for", async () => {
    const all = await Promise.all([
      of({}),
      of({ responseType: "COUNT_ONLY" }),
      of({ contentBindings: [{ bindingId: "urn:a" }] }),
      of({ contentBindings: [{ bindingId: "urn:a", subtypes: [{ subtypeId: "urn:b" }] }] }),
      of({ contentBindings: [{ bindingId: "urn:a" }, { bindingId: "urn:b" }] }),
      of({ query: { formatId: "urn:q", content: { text: "x" } } }),
      of({ query: { formatId: "urn:r", content: { text: "x" } } }),
      of({ query: { formatId: "urn:q", content: { text: "<a/>" } } }),
      of(markup("<a/>")),
      of(markup("<a xmlns='urn:n'/>")),
      of(markup("<a> </a>")),
      of(markup("<a xmlns:s='urn:n' t='/s:x'/>")),
      of(markup("<a xmlns:s='urn:m' t='/s:x'/>")),
      of(markup("<a xmlns:s='urn:n'>/s:x</a>")),
      of(markup("<a xmlns:s='urn:m'>/s:x</a>")),
      of(markup("<a")),
      of({}, target),
      of({}, { ...target, protocolBinding: "urn:m", messageBinding: "urn:p" }),
      of({}, { ...target, address: "https://a.test" }),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  test("of bindings are those of what the bindings cover", async () => {
    const id = fc.constantFrom("urn:a", "urn:b", "urn:c");
    const entries = fc.array(
      fc.record({ bindingId: id, subtypes: fc.array(fc.record({ subtypeId: fc.constantFrom("urn:1", "urn:2") }), { maxLength: 2 }) }),
      {
        maxLength: 4,
      },
    );
    /** Every pair that is wanted; with 3 for any other subtype. */
    const covered = (list: readonly { bindingId: string; subtypes: readonly { subtypeId: string }[] }[]): string =>
      ["urn:a", "urn:b", "urn:c"]
        .flatMap((bindingId) => ["urn:1", "urn:2", "urn:3"].map((subtypeId) => ({ bindingId, subtypeId })))
        .filter(({ bindingId, subtypeId }) =>
          list.some(
            (entry) =>
              entry.bindingId === bindingId &&
              (entry.subtypes.length === 0 || entry.subtypes.some((subtype) => subtype.subtypeId === subtypeId)),
          ),
        )
        .map(({ bindingId, subtypeId }) => bindingId + subtypeId)
        .join();
    await fc.assert(
      fc.asyncProperty(entries, entries, async (first, second) => {
        const equal = (await of({ contentBindings: first })) === (await of({ contentBindings: second }));
        expect(equal).toBe(covered(first) === covered(second));
      }),
      { numRuns: 300 },
    );
  });
});

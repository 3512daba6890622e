/** Where content goes, against a model that is written block by block. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { InboxMessage } from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { inbox } from "../../../src/server/services/inbox.js";
import { as, createPeers } from "./peers.js";

const formats = ["urn:a", "urn:b", "urn:c"] as const;
const names = ["one", "two", "three"] as const;

interface Place {
  readonly name: string;
  readonly there: boolean;
  readonly available: boolean;
  /** What the sender may do; nothing hides it. */
  readonly right: "read" | "write" | "none";
  readonly takes: readonly string[];
}

const list = fc.uniqueArray(fc.constantFrom(...formats), { maxLength: 2 });

const places: fc.Arbitrary<readonly Place[]> = fc.tuple(
  ...names.map((name) =>
    fc.record<Place>({
      name: fc.constant(name),
      there: fc.boolean().map((gone) => !gone || name === "one"),
      available: fc.constantFrom(true, true, false),
      right: fc.constantFrom("write", "write", "write", "read", "none"),
      takes: list,
    }),
  ),
);

const blocks = fc.array(fc.constantFrom(...formats, "urn:a|urn:b", "urn:b|urn:b"), { maxLength: 4 });

const settings = fc.record({
  places,
  blocks,
  named: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
  rule: fc.constantFrom("required", "optional", "prohibited"),
  unacceptable: fc.constantFrom("refuse", "skip"),
  solicited: fc.boolean(),
  inboxTakes: list,
});

type Setting = typeof settings extends fc.Arbitrary<infer S> ? S : never;

/** What is answered, and what each collection has then. */
function expected({
  places: all,
  blocks: sent,
  named,
  rule,
  unacceptable,
  solicited,
  inboxTakes,
}: Setting): readonly [string, Record<string, number>] {
  const counts: Record<string, number> = {};
  for (const { name, there } of all) if (there) counts[name] = 0;
  const covers = (accepted: readonly string[], format: string): boolean =>
    accepted.length === 0 || format.split("|").every((layer) => accepted.includes(layer));
  if (named.length > 0 && rule === "prohibited") return ["DESTINATION_COLLECTION_ERROR", counts];
  const targets: Place[] = [];
  for (const name of named) {
    const place = all.find((one) => one.name === name);
    if (place === undefined || !place.there || place.right === "none") return ["NOT_FOUND", counts];
    if (place.right === "read") return ["UNAUTHORIZED", counts];
    if (!place.available) return ["DENIED", counts];
    targets.push(place);
  }
  if (named.length === 0) {
    const writable = all.filter(({ there, right }) => there && right === "write");
    if (writable.length === 0) return ["UNAUTHORIZED", counts];
    if (rule === "required") return ["DESTINATION_COLLECTION_ERROR", counts];
    targets.push(...writable.filter(({ available }) => available));
    if (targets.length === 0 && sent.length > 0) return ["DENIED", counts];
  }
  const stored = { ...counts };
  for (const format of sent) {
    const takers = targets.filter(({ takes }) => covers(inboxTakes, format) && covers(takes, format));
    const refused = named.length > 0 ? takers.length < targets.length : takers.length === 0;
    if (refused && unacceptable === "refuse" && !solicited) return ["UNSUPPORTED_CONTENT", counts];
    for (const { name } of takers) stored[name] = (stored[name] ?? 0) + 1;
  }
  return ["SUCCESS", stored];
}

test("content goes where the model says, all of it or nothing [SVC-INBOX-003] [SVC-INBOX-009] [SVC-INBOX-013] [SVC-INBOX-014] [SVC-INBOX-018] [CB-NEST-007] [SEC-ID-002]", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(settings, async (setting) => {
      const there = setting.places.filter((place) => place.there);
      const bindings = (ids: readonly string[]) => ids.map((bindingId) => ({ bindingId }));
      const peers = await createPeers({
        collections: there.map(({ name, available, takes }) => ({ name, available, contentBindings: bindings(takes) })),
        services: [
          inbox({
            path: "/inbox",
            destination: setting.rule,
            unacceptable: setting.unacceptable,
            contentBindings: bindings(setting.inboxTakes),
          }),
        ],
        accounts: {
          ann: {
            permissions: Object.fromEntries(setting.places.flatMap(({ name, right }) => (right === "none" ? [] : [[name, [right]]]))),
          },
        },
      });
      const message = create(InboxMessage, {
        destinationCollectionNames: setting.named,
        contentBlocks: setting.blocks.map((bindingId) => ({ contentBinding: { bindingId }, content: { text: "x" } })),
        sourceSubscription: setting.solicited ? { collectionName: "theirs", subscriptionId: "urn:s" } : undefined,
      });
      const { statusType } = as("taxii11.StatusMessage", await peers.ask("/inbox", message, "ann"));
      const counts = Object.fromEntries((await peers.storage.collections()).map(({ name, blockCount }) => [name, blockCount]));
      expect([statusType, counts]).toEqual(expected(setting));
      seen.add(statusType);
    }),
    { numRuns: 400 },
  );
  // The property would hold for an inbox that refuses everything, too.
  expect([...seen]).toEqual(expect.arrayContaining(["SUCCESS", "UNSUPPORTED_CONTENT", "UNAUTHORIZED", "DESTINATION_COLLECTION_ERROR"]));
});

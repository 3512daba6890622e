import { expect, it } from "vitest";
import { ContentBlock } from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import type { QueryHandler } from "../../../src/server/query.js";
import { predicateOf } from "../../../src/server/results/index.js";
import { memoryStorage } from "../../../src/storage/index.js";

const block = create(ContentBlock, { contentBinding: { bindingId: "urn:stix" }, content: { text: "x" } });
const query = { formatId: "urn:example:query", content: { text: "" } };

async function collection() {
  const storage = memoryStorage();
  await storage.putCollection({ name: "feed" });
  const found = await storage.collection("feed");
  if (found === undefined) throw new Error("the collection was just added");
  return found;
}

function handler(judge: () => boolean): QueryHandler {
  return { formatId: query.formatId, supported: () => [], prepare: () => judge };
}

it("no query has no predicate; one of another format is refused [SVC-POLL-009]", async () => {
  expect(await predicateOf(undefined, [], await collection())).toBeUndefined();
  const other = { ...query, formatId: "urn:other" };
  await expect(predicateOf(other, [handler(() => true)], await collection())).rejects.toMatchObject({ code: "UNSUPPORTED_QUERY" });
});

it("answers as the handler does", async () => {
  const answers = [true, false, true];
  const predicate = await predicateOf(query, [handler(() => answers.shift() ?? false)], await collection());
  expect([await predicate?.(block), await predicate?.(block), await predicate?.(block)]).toEqual([true, false, true]);
});

it("lets others have their turn while it goes through many blocks", async () => {
  const busy = (): boolean => {
    for (const end = performance.now() + 5; performance.now() < end; );
    return true;
  };
  const predicate = await predicateOf(query, [handler(busy)], await collection());
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  for (let blocks = 0; blocks < 20; blocks++) await predicate?.(block);
  clearInterval(others);
  expect(turns).toBeGreaterThan(0);
});

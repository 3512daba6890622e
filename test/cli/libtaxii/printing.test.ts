/** What is printed of replies that were read in spite of their faults. */

import { describe, expect, it } from "vitest";
import { type ContentBlock, PollResponse } from "../../../generated/taxii11/index.js";
import type { ContentBlock as AnyBlock } from "../../../src/cli/libtaxii/messages.js";
import { Printer } from "../../../src/cli/libtaxii/printing.js";
import { create } from "../../../src/message/create.js";
import { testEnvironment } from "../environment.js";

const good: ContentBlock = { contentBinding: { bindingId: "b" }, content: { text: "good" } };
const bad: ContentBlock = { contentBinding: { bindingId: "b" }, content: { xml: "<not>well-formed" } };

async function* blocksOf(...blocks: readonly ContentBlock[]): AsyncGenerator<ContentBlock, void, undefined> {
  yield* blocks;
}

async function print(xml: boolean, init: object, ...blocks: readonly ContentBlock[]) {
  const { output, ...environment } = testEnvironment();
  const visited: AnyBlock[] = [];
  const message = { ...create(PollResponse, { inResponseTo: "1", collectionName: "c" }), ...init };
  const outcome = await new Printer(xml, output)
    .reply("Response", { message, blocks: blocksOf(...blocks) }, async (block) => void visited.push(block))
    .catch((error: unknown) => String(error));
  return { outcome, visited, environment };
}

describe("a reply that cannot be written as XML", () => {
  it.each([
    ["a block", {}, [good, bad, good]],
    ["its head", { collectionName: 7 }, [good, good, good]],
  ])("because of %s is an error, once all blocks were seen", async (_, init, blocks) => {
    const { outcome, visited } = await print(true, init, ...blocks);
    expect(outcome).toMatch(/^Error: the reply cannot be printed as XML: /);
    expect(visited).toEqual(blocks);
  });

  it("can be printed as text", async () => {
    const { outcome, visited } = await print(false, {}, good, bad, good);
    expect([outcome, visited.length]).toEqual([undefined, 3]);
  });
});

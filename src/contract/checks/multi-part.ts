/** Results in parts. */

import type { PollResponse } from "../../../generated/taxii11/index.js";
import { applies, type Check, check, Ending, holds } from "../check.js";
import { isAfter, labelsOf } from "../labels.js";
import { listed, type Probe } from "../probe.js";
import { detailsOf, expectMessage, expectStatus, expectValid, type Reply, textOf } from "../reply.js";
import type { Polled } from "../survey.js";
import { quoted } from "../texts.js";

const parted = { versions: ["1.1"], needs: { parts: true } } as const;
const none = "999999999";

function partedFeed({ survey }: Probe): Polled {
  if (survey.parted === undefined) throw new Ending("not applicable", "no result came in parts");
  return survey.parted;
}

/** A result, begun anew. */
async function begin(probe: Probe): Promise<PollResponse & { resultId: string }> {
  const { address, record } = partedFeed(probe);
  const response = expectMessage(await probe.pollAt(address, { collection: record.collectionName }), "PollResponse");
  const { resultId } = response;
  holds(response.more && resultId !== undefined, "the first part lacks more or result_id");
  return { ...response, resultId };
}

function askPart(probe: Probe, resultId: string, part: number | undefined): Promise<Reply> {
  const { address, record } = partedFeed(probe);
  return probe.fulfilAt(address, record.collectionName, resultId, part);
}

async function getPart(probe: Probe, resultId: string, part: number | undefined): Promise<PollResponse> {
  return expectMessage(await askPart(probe, resultId, part), "PollResponse");
}

const mostParts = 1000;

/** All parts of a result, from the first to that without more. */
async function allParts(probe: Probe): Promise<readonly PollResponse[]> {
  const first = await begin(probe);
  const parts: PollResponse[] = [first];
  for (let last: PollResponse = first; last.more; parts.push(last)) {
    applies(parts.length < mostParts, `there are more than ${mostParts} parts`);
    last = await getPart(probe, first.resultId, parts.length + 1);
  }
  return parts;
}

const textsOf = ({ contentBlocks }: PollResponse): string => contentBlocks.map(({ content }) => textOf(content)).join("\0");

/** Holds when parts are ranges side by side, with their records in them. */
export function expectSideBySide(parts: readonly PollResponse[]): void {
  parts.forEach((part, index) => {
    const { exclusiveBeginTimestamp: from, inclusiveEndTimestamp: to = "" } = part;
    const before = parts[index - 1]?.inclusiveEndTimestamp;
    const joins = index === 0 || (from !== undefined && before !== undefined && from === before);
    holds(joins, `part ${index + 1} begins at ${quoted(from ?? "the beginning")}, the one before ends at ${quoted(before ?? "")}`);
    const wrong = labelsOf(part).find((label) => isAfter(label, to) || (from !== undefined && !isAfter(label, from)));
    holds(wrong === undefined, `part ${index + 1} has the record at ${quoted(wrong ?? "")}, which is outside of it`);
  });
}

export const multiPart: readonly Check[] = [
  check("SVC-MULTI-002", "MUST", "Every part is what schema and rules say.", parted, async (probe) => {
    const { resultId } = await begin(probe);
    const reply = await askPart(probe, resultId, 2);
    expectMessage(reply, "PollResponse");
    expectValid(reply);
  }),
  check("SVC-MULTI-003", "MUST", "Parts are numbered from 1, one after the other.", parted, async (probe) => {
    const numbers = (await allParts(probe)).map(({ resultPartNumber }) => resultPartNumber);
    holds(
      numbers.every((number, index) => number === index + 1),
      `the numbers are ${listed(numbers.slice(0, 20).map(String))}`,
    );
  }),
  check("SVC-MULTI-004", "MUST", "Parts have the id of their result, and the last one is not empty.", parted, async (probe) => {
    const parts = await allParts(probe);
    const [first] = parts;
    const other = parts.find(({ resultId, more }) => more && resultId !== first?.resultId);
    holds(other === undefined, `the id changes to ${quoted(other?.resultId ?? "nothing")}`);
    holds((parts.at(-1)?.contentBlocks.length ?? 0) > 0, "the last part has no records");
  }),
  check("SVC-MULTI-005", "MUST", "Parts are ranges side by side, and their records lie in them.", parted, async (probe) => {
    expectSideBySide(await allParts(probe));
  }),
  check("SVC-POLL-013/parts", "MUST", "Record_Count of a part is that of the whole result.", parted, async (probe) => {
    const parts = await allParts(probe);
    const total = parts.reduce((sum, { contentBlocks }) => sum + contentBlocks.length, 0);
    for (const { recordCount, resultPartNumber } of parts) {
      if (recordCount === undefined) continue;
      const isRight = recordCount.partialCount ? recordCount.value <= total : recordCount.value === total;
      holds(isRight, `part ${resultPartNumber} says ${recordCount.value}, there are ${total}`);
    }
  }),
  check("SVC-MULTI-008", "MUST", "A part can be had again, and out of order.", parted, async (probe) => {
    const { resultId } = await begin(probe);
    const second = textsOf(await getPart(probe, resultId, 2));
    const first = textsOf(await getPart(probe, resultId, 1));
    holds(first !== second, "part 1 and part 2 are the same");
    holds(textsOf(await getPart(probe, resultId, 2)) === second, "part 2 is another the second time");
  }),
  check(
    "SVC-MULTI-009",
    "MUST",
    "A part behind the last one is INVALID_RESPONSE_PART, with the number of parts.",
    { ...parted, also: ["SVC-STAT-015"] },
    async (probe) => {
      const { resultId } = await begin(probe);
      const status = expectStatus(await askPart(probe, resultId, Number(none)), "INVALID_RESPONSE_PART");
      const [most = ""] = detailsOf(status, "MAX_PART_NUMBER");
      holds(/^[1-9]\d*$/.test(most), `MAX_PART_NUMBER is ${quoted(most)}`);
    },
  ),
  check("SVC-MULTI-010", "MUST", "A faulty request leaves a result as it is.", parted, async (probe) => {
    const { resultId } = await begin(probe);
    expectStatus(await askPart(probe, resultId, Number(none)));
    await getPart(probe, resultId, 2);
  }),
  check("SVC-MULTI-012", "MUST NOT", "Every result has an id of its own.", parted, async (probe) => {
    const ids = [(await begin(probe)).resultId, (await begin(probe)).resultId];
    holds(ids[0] !== ids[1], `two results have the id ${quoted(ids[0] ?? "")}`);
  }),
  check("XML-FUL-002", "DECIDE", "A request without part number asks for part 1.", parted, async (probe) => {
    const { resultId } = await begin(probe);
    const { resultPartNumber } = await getPart(probe, resultId, undefined);
    holds(resultPartNumber === 1, `it gets part ${resultPartNumber}`);
  }),
  check(
    "SVC-MULTI-013",
    "MUST",
    "A result stays what it was when something is added.",
    { versions: ["1.1"], needs: { parts: true, write: true } },
    async (probe) => {
      const { record } = partedFeed(probe);
      applies(record.collectionName === probe.target.record.collectionName, "the collection to write to does not come in parts");
      const first = await begin(probe);
      const before = (await getPart(probe, first.resultId, 2)).contentBlocks.length;
      const block = probe.block();
      await probe.put(block);
      const again = await allOf(probe, first);
      holds(!again.includes(block.text), "what was added later is in it");
      holds((await getPart(probe, first.resultId, 2)).contentBlocks.length === before, "part 2 has another number of records");
    },
  ),
];

/** The texts of the further parts. */
async function allOf(probe: Probe, { resultId }: { resultId: string }): Promise<string> {
  const texts: string[] = [];
  for (let part = 2; part < mostParts; part++) {
    const response = await getPart(probe, resultId, part);
    texts.push(textsOf(response));
    if (!response.more) break;
  }
  return texts.join("\0");
}

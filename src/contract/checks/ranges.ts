/** Ranges of feeds: what a reply covers, and what it says of it. */

import { applies, type Check, check, Ending, holds } from "../check.js";
import { compareLabels, isAfter, labelsOf } from "../labels.js";
import type { Probe } from "../probe.js";
import { expectMessage, expectStatus, textOf } from "../reply.js";
import { quoted } from "../texts.js";

const feed = { needs: { labels: 0 } } as const;
const one = { needs: { labels: 1 } } as const;
const three = { needs: { labels: 3 } } as const;
const writing = { needs: { write: true }, versions: ["1.1"] } as const;

/** The first, one in the middle, and the last of the feed's labels. */
function threeLabels(probe: Probe): readonly [string, string, string] {
  const { labels } = probe.feed;
  const [first, middle, last] = [labels[0], labels[Math.floor(labels.length / 2)], labels[labels.length - 1]];
  if (first === undefined || middle === undefined || last === undefined) throw new Ending("not applicable", "the feed shows no labels");
  return [first, middle, last];
}

/** The end a reply states. */
async function endOf(probe: Probe, wishes: Parameters<Probe["fetchFeed"]>[0]): Promise<string> {
  const { inclusiveEndTimestamp } = await probe.fetchFeed(wishes);
  if (inclusiveEndTimestamp === undefined) throw new Ending("broken", "the reply states no end");
  return inclusiveEndTimestamp;
}

async function textsBetween(probe: Probe, begin: string | undefined, end: string | undefined): Promise<string[]> {
  const { contentBlocks } = await probe.fetchFeed({ begin, end });
  return contentBlocks.map(({ content }) => textOf(content));
}

export const ranges: readonly Check[] = [
  check("SVC-POLL-011", "MUST", "The begin of a poll is exclusive.", three, async (probe) => {
    const [, middle] = threeLabels(probe);
    const labels = labelsOf(await probe.fetchFeed({ begin: middle }));
    const wrong = labels.find((label) => !isAfter(label, middle));
    holds(wrong === undefined, `a poll from ${quoted(middle)} gives the record at ${quoted(wrong ?? "")}`);
  }),
  check("SVC-POLL-011/end", "MUST", "The end of a poll is inclusive.", three, async (probe) => {
    const [, middle, last] = threeLabels(probe);
    applies(middle !== last, "the feed shows too few labels");
    const labels = labelsOf(await probe.fetchFeed({ end: middle }));
    holds(labels.includes(middle), `a poll up to ${quoted(middle)} does not give the record there`);
    const wrong = labels.find((label) => isAfter(label, middle));
    holds(wrong === undefined, `a poll up to ${quoted(middle)} gives the record at ${quoted(wrong ?? "")}`);
  }),
  check("SVC-RANGE-001", "MUST", "Ranges side by side give together what the whole range gives.", three, async (probe) => {
    const [, middle, last] = threeLabels(probe);
    applies(!probe.feed.response.more, "the result has parts");
    const whole = (await textsBetween(probe, undefined, last)).sort();
    const parts = [...(await textsBetween(probe, undefined, middle)), ...(await textsBetween(probe, middle, last))].sort();
    holds(whole.join("\0") === parts.join("\0"), `the whole has ${whole.length} records, the ranges ${parts.length}, or others`);
  }),
  check("SVC-RANGE-002", "SHOULD", "A reply states the begin that was asked for.", { ...three, versions: ["1.1"] }, async (probe) => {
    const [, middle] = threeLabels(probe);
    const { exclusiveBeginTimestamp: begin } = await probe.fetchFeed({ begin: middle });
    holds(
      begin !== undefined && compareLabels(begin, middle) === 0,
      `asked from ${quoted(middle)}, the reply says ${quoted(begin ?? "nothing")}`,
    );
  }),
  check(
    "SVC-RANGE-003",
    "SHOULD",
    "A reply states the range considered, not that of its records.",
    { ...one, versions: ["1.1"] },
    async (probe) => {
      const early = "1990-01-01T00:00:00Z";
      const { exclusiveBeginTimestamp: begin } = await probe.fetchFeed({ begin: early });
      holds(
        begin !== undefined && compareLabels(begin, early) === 0,
        `asked from ${quoted(early)}, the reply says ${quoted(begin ?? "nothing")}`,
      );
    },
  ),
  check("SVC-RANGE-001/complete", "MUST", "All records of a reply lie in the range it states.", one, async (probe) => {
    const [first] = threeLabels(probe);
    for (const begin of [undefined, first]) {
      const response = await probe.fetchFeed({ begin });
      const { inclusiveEndTimestamp: end = "" } = response;
      const wrong = labelsOf(response).find((label) => (begin !== undefined && !isAfter(label, begin)) || isAfter(label, end));
      holds(wrong === undefined, `the record at ${quoted(wrong ?? "")} is outside ${quoted(begin ?? "the beginning")} to ${quoted(end)}`);
    }
  }),
  check(
    "XML-PRS-004",
    "MUST",
    "A reply to a poll without begin covers the feed from its first record.",
    { ...one, versions: ["1.1"] },
    async (probe) => {
      const { exclusiveBeginTimestamp: begin } = await probe.fetchFeed();
      holds(begin === undefined, `the reply begins at ${quoted(begin ?? "")}`);
    },
  ),
  check("SVC-RANGE-005", "MUST", "A reply states an end, also when none was asked for.", feed, async (probe) => {
    await endOf(probe, {});
  }),
  check("SVC-RANGE-007", "DECIDE", "The end of a reply is not in the future.", feed, async (probe) => {
    const future = "2199-01-01T00:00:00Z";
    const end = await endOf(probe, { end: future });
    holds(isAfter(future, end), `the end is ${quoted(end)}`);
  }),
  check(
    "SVC-RANGE-008",
    "DECIDE",
    "Behind the newest record there is an empty reply that repeats the begin.",
    { ...one, versions: ["1.1"] },
    async (probe) => {
      const begin = await endOf(probe, {});
      applies(!probe.feed.response.more, "the result has parts");
      const { exclusiveBeginTimestamp, inclusiveEndTimestamp = "", contentBlocks } = await probe.fetchFeed({ begin });
      applies(contentBlocks.length === 0, "something was added meanwhile");
      holds(
        exclusiveBeginTimestamp !== undefined && compareLabels(exclusiveBeginTimestamp, begin) === 0,
        `asked from ${quoted(begin)}, the reply says ${quoted(exclusiveBeginTimestamp ?? "nothing")}`,
      );
      holds(!isAfter(begin, inclusiveEndTimestamp), `the end ${quoted(inclusiveEndTimestamp)} is before the begin`);
    },
  ),
  check("XML-PRQ-003", "DECIDE", "A range that ends before it begins is BAD_MESSAGE.", feed, async (probe) => {
    const reply = await probe.poll({ begin: "2020-01-02T00:00:00Z", end: "2020-01-01T00:00:00Z" });
    expectStatus(reply, "BAD_MESSAGE");
  }),
  check("SVC-TS-001", "MUST", "Every record of a feed has a label.", one, async (probe) => {
    const { contentBlocks } = await probe.fetchFeed();
    const bare = contentBlocks.filter(({ timestampLabel }) => timestampLabel === undefined).length;
    applies(bare < contentBlocks.length, "the service does not tell labels");
    holds(bare === 0, `${bare} of ${contentBlocks.length} records have none`);
  }),
  check(
    "XML-TS-003",
    "MUST NOT",
    "Labels have a zone, and at most six digits of a second.",
    { ...one, also: ["XML-TS-001", "XML-TS-002"] },
    async (probe) => {
      const reply = await probe.poll();
      expectMessage(reply, "PollResponse");
      // As they were sent: what a reader makes of them has no more than six digits.
      const text = new TextDecoder().decode(reply.body);
      const all = [...text.matchAll(/<(?:[\w.-]+:)?(?:Timestamp_Label|Inclusive_\w+_Timestamp)[^>]*>\s*([^<]*?)\s*</g)].map(
        ([, label = ""]) => label,
      );
      const wrong = all.find((label) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/.test(label));
      holds(wrong === undefined, `found ${quoted(wrong ?? "")}`);
    },
  ),
  check("SVC-RANGE-006", "MUST", "What comes in after a reply is labelled behind the end it stated.", writing, async (probe) => {
    const end = (await probe.fetchTarget({ countOnly: true })).inclusiveEndTimestamp ?? "";
    const block = probe.block();
    await probe.put(block);
    const { contentBlocks } = await probe.fetchTarget({ begin: end });
    holds(
      contentBlocks.some(({ content }) => textOf(content) === block.text),
      `the new record is not in what comes after ${quoted(end)}`,
    );
  }),
  check("SVC-TS-002", "MUST", "New records have later labels, each its own.", { ...writing, also: ["SVC-TS-003"] }, async (probe) => {
    const { inclusiveEndTimestamp: end } = await probe.fetchTarget({ countOnly: true });
    const [first, second] = [probe.block(), probe.block()];
    await probe.put(first);
    await probe.put(second);
    const { contentBlocks } = await probe.fetchTarget({ begin: end });
    const labelOf = (text: string): string | undefined => contentBlocks.find(({ content }) => textOf(content) === text)?.timestampLabel;
    const [a, b] = [labelOf(first.text), labelOf(second.text)];
    applies(a !== undefined && b !== undefined, "the service does not tell labels");
    holds(isAfter(b, a), `the second record has ${quoted(b)}, the first ${quoted(a)}`);
  }),
];

/** What the versions have to do with each other. */

import type { PollResponse } from "../../../generated/taxii11/index.js";
import { queryStatusTypes, statusTypes10 } from "../../constants.js";
import { applies, type Check, check, Ending, holds } from "../check.js";
import { pollRequest } from "../documents.js";
import { listed, type Probe } from "../probe.js";
import { expectMessage, expectStatus, type Reply, statusTypeOf, textOf } from "../reply.js";
import type { Polled } from "../survey.js";
import { quoted, shown } from "../texts.js";
import { identifiers } from "../version.js";

const only10 = { versions: ["1.0"] } as const;
const withPoll = { ...only10, needs: { service: "POLL" } } as const;
const withFeed = { ...only10, needs: { labels: 1 } } as const;

/** Errors of many kinds. */
async function errors(probe: Probe): Promise<readonly Reply[]> {
  const { url, version } = probe;
  const address = probe.address("POLL");
  const name = probe.anyCollection;
  return [
    await probe.post(url, "no XML"),
    await probe.pollAt(address, { collection: "urn:example:contract-test" }),
    await probe.pollAt(address, { collection: name, subscriptionId: "urn:example:contract-test" }),
    await probe.pollAt(address, { collection: name, bindings: [{ id: "urn:example:contract-test" }] }),
    await probe.pollAt(address, { collection: name, begin: "2020-01-02T00:00:00Z", end: "2020-01-01T00:00:00Z" }),
    await probe.post(url, pollRequest(version, { collection: name })),
    await probe.discover(url, { headers: { "X-TAXII-Accept": "urn:example:contract-test" } }),
  ];
}

const textsOf = ({ contentBlocks }: PollResponse): string[] => contentBlocks.map(({ content }) => textOf(content));

const mostRounds = 1000;

/** All records of a feed, by following the ends that are stated. */
async function byEnds(probe: Probe, { address, record }: Polled): Promise<string[]> {
  const texts: string[] = [];
  let begin: string | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const response = expectMessage(await probe.pollAt(address, { collection: record.collectionName, begin }), "PollResponse");
    texts.push(...textsOf(response));
    const end = response.inclusiveEndTimestamp;
    if (end === undefined || end === begin || response.contentBlocks.length === 0) return texts;
    begin = end;
  }
  throw new Ending("not applicable", `the feed is not at its end after ${mostRounds} replies`);
}

/** All records of a feed, part by part. */
async function byParts(probe: Probe, { address, record }: Polled): Promise<string[]> {
  let response = expectMessage(await probe.pollAt(address, { collection: record.collectionName }), "PollResponse");
  const texts = textsOf(response);
  for (let part = 2; response.more && response.resultId !== undefined && part < mostRounds; part++) {
    response = expectMessage(await probe.fulfilAt(address, record.collectionName, response.resultId, part), "PollResponse");
    texts.push(...textsOf(response));
  }
  return texts;
}

export const versions: readonly Check[] = [
  check("SVC-DISC-009", "DECIDE", "TAXII 1.0 is told of services it can use only.", only10, async (probe) => {
    const others = probe.survey.advertised.filter(({ messageBindings }) => !messageBindings.includes(identifiers["1.0"].message));
    holds(others.length === 0, `these do not speak TAXII 1.0: ${listed(others.map(({ address }) => address))}`);
  }),
  check("VER-X-002", "DECIDE", "TAXII 1.0 is not told of data sets, and polls of them are NOT_FOUND.", withPoll, async (probe) => {
    const { set } = probe.in("1.1").survey;
    applies(set !== undefined, "TAXII 1.1 shows no data set");
    const name = set.record.collectionName;
    const feeds = probe.survey.collections.map(({ collectionName }) => collectionName);
    holds(!feeds.includes(name), `the data set ${quoted(name)} is among the feeds`);
    expectStatus(await probe.pollAt(probe.address("POLL"), { collection: name }), "NOT_FOUND");
  }),
  check("VER-X-003", "DECIDE", "Every feed of TAXII 1.0 lists a content binding.", only10, async (probe) => {
    applies(probe.survey.collections.length > 0, "there are no feeds");
    const bare = probe.survey.collections.filter(({ contentBindings }) => contentBindings.length === 0);
    holds(bare.length === 0, `these list none: ${listed(bare.map(({ collectionName }) => collectionName))}`);
  }),
  check("VER-X-004", "DECIDE", "Every feed of TAXII 1.0 can be polled or pushed.", only10, async (probe) => {
    applies(probe.survey.collections.length > 0, "there are no feeds");
    const useless = probe.survey.collections.filter(
      ({ pushMethods, pollingServices }) => pushMethods.length + pollingServices.length === 0,
    );
    holds(useless.length === 0, `these cannot: ${listed(useless.map(({ collectionName }) => collectionName))}`);
  }),
  check("VER-X-005", "DECIDE", "TAXII 1.0 is answered with its own status types.", withPoll, async (probe) => {
    const types = (await errors(probe)).flatMap((reply) => statusTypeOf(reply) ?? []);
    const known: readonly string[] = statusTypes10;
    const foreign = types.filter((type) => !known.includes(type) && !type.includes(":"));
    holds(foreign.length === 0, `found ${listed(foreign)}${foreign.some(isOfQueries) ? ", which belong to queries" : ""}`);
  }),
  check("VER-X-008", "MUST", "TAXII 1.0 gets a whole feed by following the ends it is told.", withFeed, async (probe) => {
    const probe11 = probe.in("1.1");
    const theirs = probe11.survey.parted ?? probe11.feed;
    const name = theirs.record.collectionName;
    const ours = probe.survey.polled.find(({ record }) => record.collectionName === name);
    applies(ours !== undefined, `TAXII 1.0 does not show ${shown(name)}`);
    const [ends, parts] = [await byEnds(probe, ours), await byParts(probe11, theirs)];
    holds(ends.length === parts.length, `TAXII 1.0 gives ${ends.length} records of ${shown(name)}, TAXII 1.1 gives ${parts.length}`);
  }),
  check(
    "VER-X-009",
    "DECIDE",
    "A reply of TAXII 1.0 begins behind the begin that was asked for.",
    { ...only10, needs: { labels: 2 } },
    async (probe) => {
      const [first = ""] = probe.feed.labels;
      const reply = await probe.poll({ begin: first });
      expectMessage(reply, "PollResponse");
      const begin = reply.sent?.$type === "taxii10.PollResponse" ? reply.sent.inclusiveBeginTimestamp : undefined;
      if (begin === undefined) return "the reply states no begin";
      holds(
        Date.parse(begin) >= Date.parse(first) && begin !== first,
        `the begin is ${quoted(begin)}, the record at ${quoted(first)} is not in it`,
      );
      return undefined;
    },
  ),
  check("SVC-POLL-003", "MUST", "A Status_Message in answer to a poll of TAXII 1.0 is an error.", withPoll, async (probe) => {
    for (const reply of [await probe.pollAt(probe.address("POLL"), { collection: probe.anyCollection }), ...(await errors(probe))]) {
      const type = statusTypeOf(reply);
      holds(type !== "PENDING" && type !== "SUCCESS", `found ${type ?? ""}`);
    }
  }),
  check(
    "VER-X-006",
    "DECIDE",
    "TAXII 1.0 is not shown subscriptions it cannot express.",
    { ...only10, needs: { subscriptions: true } },
    async (probe) => {
      const { subscriptionId } = await probe.in("1.1").subscription("SUBSCRIBE", { countOnly: true });
      const shownIds = (await probe.subscriptions()).map((one) => one.subscriptionId);
      holds(!shownIds.includes(subscriptionId), `the subscription ${quoted(subscriptionId)}, which counts only, is shown`);
    },
  ),
  check(
    "VER-X-007",
    "DECIDE",
    "A binding TAXII 1.0 asks for covers all its subtypes.",
    { ...only10, needs: { write: true } },
    async (probe) => {
      const writer = probe.in("1.1");
      const before = (await writer.fetchTarget({ countOnly: true })).inclusiveEndTimestamp;
      const block = writer.block({ subtype: "urn:example:contract-test" });
      await writer.put(block);
      const { contentBlocks } = await probe.fetchTarget({ begin: before, bindings: [{ id: block.binding }] });
      holds(
        contentBlocks.some(({ content }) => textOf(content) === block.text),
        "the block with a subtype is not there",
      );
    },
  ),
];

function isOfQueries(type: string): boolean {
  return (queryStatusTypes as readonly string[]).includes(type);
}

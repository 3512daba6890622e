/** Polls: what is asked for, and what comes. */

import { applies, type Check, check, Ending, holds } from "../check.js";
import { pollRequest } from "../documents.js";
import { listed, type Probe } from "../probe.js";
import { describe, detailsOf, expectMessage, expectStatus, expectValid, statusTypeOf, textOf } from "../reply.js";
import { quoted } from "../texts.js";

const feed = { needs: { labels: 0 } } as const;
const content = { needs: { labels: 1 } } as const;
const feed11 = { ...feed, versions: ["1.1"] } as const;
const content11 = { ...content, versions: ["1.1"] } as const;
const set11 = { versions: ["1.1"], needs: { set: true } } as const;

const nobodys = "urn:example:contract-test";

/** The bindings of the feed's blocks. */
function bindingsOf(probe: Probe): string[] {
  return [...new Set(probe.feed.response.contentBlocks.map(({ contentBinding }) => contentBinding.bindingId))];
}

/** A binding of the feed. @throws Ending when it has no content, or with nested bindings only */
function someBinding(probe: Probe): string {
  const binding = bindingsOf(probe).find((id) => !id.includes("|"));
  if (binding === undefined) throw new Ending("not applicable", "the feed has no content");
  return binding;
}

export const poll: readonly Check[] = [
  check("SVC-POLL-001", "MUST", "A poll is answered with a Poll_Response for the collection.", feed, async (probe) => {
    const { collectionName } = await probe.fetchFeed();
    const { collectionName: expected } = probe.feed.record;
    holds(collectionName === expected, `the response is about ${quoted(collectionName)}, the request about ${quoted(expected)}`);
  }),
  check("SVC-POLL-002", "MUST NOT", "Polls are never answered with SUCCESS.", { ...feed, also: ["SVC-STAT-004"] }, async (probe) => {
    const wishes = [{}, { collection: nobodys }, { subscriptionId: nobodys }, { bindings: [{ id: nobodys }] }];
    for (const wish of wishes) holds(statusTypeOf(await probe.poll(wish)) !== "SUCCESS", "found a Status_Message SUCCESS");
  }),
  check(
    "XML-GEN-007/poll",
    "MUST",
    "The Poll_Response is what schema and rules say.",
    { ...feed, also: ["XML-PRS-001", "XML-PRS-002", "XML-PRS-006", "XML-CBK-001"] },
    async (probe) => {
      const reply = await probe.poll();
      expectMessage(reply, "PollResponse");
      expectValid(reply);
    },
  ),
  check(
    "SVC-POLL-007",
    "SHOULD",
    "A poll of an unknown collection is NOT_FOUND, and names it.",
    { needs: { service: "POLL" } },
    async (probe) => {
      const status = expectStatus(await probe.pollAt(probe.address("POLL"), { collection: nobodys }), "NOT_FOUND");
      if (probe.version === "1.0") return;
      const items = detailsOf(status, "ITEM");
      holds(items.includes(nobodys), `ITEM is ${listed(items)}; expected ${nobodys}`);
    },
  ),
  check("SVC-POLL-007/subscription", "SHOULD", "A poll for an unknown subscription is NOT_FOUND, and names it.", feed, async (probe) => {
    const reply = await probe.poll({ subscriptionId: nobodys });
    if (probe.version === "1.0" && reply.message?.$type === "taxii11.PollResponse") return "the service does not use subscriptions";
    const status = expectStatus(reply, "NOT_FOUND");
    const items = detailsOf(status, "ITEM");
    holds(probe.version === "1.0" || items.includes(nobodys), `ITEM is ${listed(items)}; expected ${nobodys}`);
    return undefined;
  }),
  check(
    "SVC-POLL-008",
    "SHOULD",
    "Bindings a collection does not have are UNSUPPORTED_CONTENT, with those it has.",
    { ...feed, also: ["SVC-STAT-022"] },
    async (probe) => {
      const { contentBindings } = probe.feed.record;
      applies(probe.version === "1.0" || contentBindings.length > 0, "the collection takes every binding");
      const reply = await probe.poll({ bindings: [{ id: nobodys }] });
      // A feed of TAXII 1.0 has to list bindings, also when it takes every one.
      applies(probe.version === "1.1" || statusTypeOf(reply) !== undefined, "the collection may take every binding");
      const status = expectStatus(reply, "UNSUPPORTED_CONTENT");
      const details = detailsOf(status, "SUPPORTED_CONTENT");
      holds(details.length > 0, "no bindings are listed");
    },
  ),
  check(
    "SVC-POLL-009",
    "SHOULD",
    "A query of an unknown format is UNSUPPORTED_QUERY.",
    { ...feed11, also: ["SVC-STAT-023", "QRY-ERR-007"] },
    async (probe) => {
      expectStatus(await probe.poll({ query: `<Query format_id="${nobodys}"/>` }), "UNSUPPORTED_QUERY");
    },
  ),
  check("SVC-POLL-010", "MUST", "Polls of a data set disregard the range.", set11, async (probe) => {
    const { set } = probe.survey;
    applies(set !== undefined, "there is no data set");
    const { address, record, response } = set;
    const wishes = { collection: record.collectionName, begin: "1970-01-01T00:00:00Z", end: "1970-01-02T00:00:00Z" };
    const { contentBlocks } = expectMessage(await probe.pollAt(address, wishes), "PollResponse");
    holds(
      contentBlocks.length === response.contentBlocks.length,
      `there are ${contentBlocks.length} records with a range, ${response.contentBlocks.length} without`,
    );
  }),
  check("XML-PRS-003", "MUST", "Replies about a data set state no range.", set11, async (probe) => {
    const { set } = probe.survey;
    applies(set !== undefined, "there is no data set");
    const { exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end } = set.response;
    holds(begin === undefined && end === undefined, `the range is ${quoted(begin ?? "")} to ${quoted(end ?? "")}`);
  }),
  check("SVC-POLL-012", "MUST", "COUNT_ONLY gives Record_Count and the range, without blocks.", feed11, async (probe) => {
    const { contentBlocks, recordCount, inclusiveEndTimestamp } = await probe.fetchFeed({ countOnly: true });
    holds(contentBlocks.length === 0, `there are ${contentBlocks.length} blocks`);
    holds(recordCount !== undefined, "there is no Record_Count");
    holds(inclusiveEndTimestamp !== undefined, "there is no Inclusive_End_Timestamp");
  }),
  check("SVC-POLL-013", "MUST", "Record_Count is the number of records of the whole result.", content11, async (probe) => {
    const { recordCount, contentBlocks, more } = await probe.fetchFeed();
    applies(recordCount !== undefined, "there is no Record_Count");
    const { value, partialCount } = recordCount;
    const isRight = more || partialCount ? value >= contentBlocks.length : value === contentBlocks.length;
    holds(isRight, `Record_Count is ${value}, and there are ${contentBlocks.length} blocks${more ? " in the first part" : ""}`);
  }),
  check("SVC-POLL-013/count", "MUST", "COUNT_ONLY counts what FULL gives.", content11, async (probe) => {
    const end = (await probe.fetchFeed({ countOnly: true })).inclusiveEndTimestamp;
    const counted = await probe.fetchFeed({ countOnly: true, end });
    const full = await probe.fetchFeed({ end });
    applies(!full.more && counted.recordCount?.partialCount === false, "the result has parts, or is counted in part");
    holds(
      counted.recordCount?.value === full.contentBlocks.length,
      `COUNT_ONLY says ${counted.recordCount?.value}, FULL gives ${full.contentBlocks.length}`,
    );
  }),
  check("XML-PRS-009", "SHOULD", "Poll_Responses have Record_Count.", feed11, async (probe) => {
    holds((await probe.fetchFeed()).recordCount !== undefined, "there is none");
  }),
  check("SVC-POLL-015", "MUST", "A poll that names no subscription is answered without one.", feed11, async (probe) => {
    const { subscriptionId } = await probe.fetchFeed();
    holds(subscriptionId === undefined, `Subscription_ID is ${quoted(subscriptionId ?? "")}`);
  }),
  check("CB-MATCH-001", "MUST", "A poll that lists no bindings gets all of them.", content, async (probe) => {
    const { contentBlocks } = await probe.fetchFeed({ end: probe.feed.response.inclusiveEndTimestamp });
    for (const id of bindingsOf(probe).slice(0, 5)) {
      const { contentBlocks: some } = await probe.fetchFeed({ bindings: [{ id }], end: probe.feed.response.inclusiveEndTimestamp });
      const texts = new Set(contentBlocks.map((block) => textOf(block.content)));
      applies(contentBlocks.length >= some.length && !probe.feed.response.more, "the result has parts");
      const missing = some.filter((block) => !texts.has(textOf(block.content)));
      holds(missing.length === 0, `${missing.length} records of ${quoted(id)} come only when it is asked for`);
    }
  }),
  check("CB-MATCH-003", "SHOULD NOT", "A poll that lists bindings gets no others.", content, async (probe) => {
    const binding = someBinding(probe);
    const { contentBlocks } = await probe.fetchFeed({ bindings: [{ id: binding }] });
    const others = contentBlocks
      .map(({ contentBinding }) => contentBinding.bindingId)
      .filter((id) => id !== binding && !id.startsWith(`${binding}|`));
    holds(others.length === 0, `asked for ${quoted(binding)}, got ${listed([...new Set(others)])}`);
  }),
  check(
    "CB-MATCH-009",
    "SHOULD",
    "A poll that lists one binding that works, and one that does not, gets the one.",
    content,
    async (probe) => {
      const { contentBlocks } = await probe.fetchFeed({ bindings: [{ id: nobodys }, { id: someBinding(probe) }] });
      holds(contentBlocks.length > 0, "it gets nothing");
    },
  ),
  check("SVC-ASYNC-001", "MUST NOT", "A poll that does not allow it is not PENDING.", feed11, async (probe) => {
    const name = probe.survey.asynchronous?.name ?? probe.feed.record.collectionName;
    const address = probe.survey.asynchronous?.address ?? probe.feed.address;
    const reply = await probe.pollAt(address, { collection: name });
    holds(statusTypeOf(reply) !== "PENDING", describe(reply));
  }),
  check("SVC-PUSH-002", "MUST", "Delivery parameters of a poll that is answered at once are disregarded.", feed11, async (probe) => {
    const delivery = { protocol: nobodys, address: "urn:example:nowhere", message: nobodys };
    const reply = await probe.poll({ allowAsynch: true, delivery });
    applies(statusTypeOf(reply) !== "PENDING", "polls are answered later");
    expectMessage(reply, "PollResponse");
  }),
  check("SVC-STAT-004", "MUST", "A poll without collection is an error, not a success.", { needs: { service: "POLL" } }, async (probe) => {
    const body = pollRequest(probe.version, { collection: "x" }).replace(/ (?:feed|collection)_name="x"/, "");
    expectStatus(await probe.post(probe.address("POLL"), body), "BAD_MESSAGE");
  }),
];

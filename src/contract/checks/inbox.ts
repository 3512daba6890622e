/** Inboxes: what is taken, what is refused, and what is stored. */

import { applies, type Check, check, Ending, holds } from "../check.js";
import { document, emptyInboxMessage } from "../documents.js";
import { listed, type Probe } from "../probe.js";
import { describe, detailsOf, expectStatus, expectValid, type Reply, statusTypeOf, textOf } from "../reply.js";
import { escaped, quoted, uniqueWord } from "../texts.js";

const writing = { needs: { write: true } } as const;
const writing11 = { versions: ["1.1"], needs: { write: true } } as const;
const nobodys = "urn:example:contract-test";

function inboxOf({ target }: Probe): string {
  if (target.inbox === undefined) throw new Ending("not applicable", "the collection to write to has no inbox");
  return target.inbox;
}

/** The end of what is there now. */
async function horizon(probe: Probe): Promise<string | undefined> {
  return (await probe.fetchTarget({ countOnly: true })).inclusiveEndTimestamp;
}

/** What came in since. */
async function textsSince(probe: Probe, begin: string | undefined): Promise<string[]> {
  return (await probe.fetchTarget({ begin })).contentBlocks.map(({ content }) => textOf(content));
}

/** A message in which one block or destination is wrong: it is refused, and nothing of it is stored. */
async function storesNothing(probe: Probe, send: (text: string) => Promise<Reply>): Promise<void> {
  const before = await horizon(probe);
  const text = `contract test ${uniqueWord()}`;
  const reply = await send(text);
  applies(statusTypeOf(reply) !== "SUCCESS", "the service takes it");
  expectStatus(reply);
  holds(!(await textsSince(probe, before)).includes(text), `${describe(reply)}, and a part of the message is stored`);
}

/** Bindings the inbox takes for the collection; none for every one. */
function takes({ target }: Probe): readonly string[] {
  const { record, inbox } = target;
  const service = record.receivingInboxServices.find(({ address }) => address === inbox);
  return [...record.contentBindings, ...(service?.contentBindings ?? [])].map(({ bindingId }) => bindingId);
}

const noDestination = (probe: Probe): Promise<Reply> => probe.post(inboxOf(probe), emptyInboxMessage("1.1", undefined));

export const inbox: readonly Check[] = [
  check("SVC-INBOX-001", "MUST", "An Inbox_Message is answered with a Status_Message.", writing, async (probe) => {
    const reply = await probe.pushNothing();
    holds(statusTypeOf(reply) !== undefined, `found ${describe(reply)}`);
  }),
  check("SVC-INBOX-015", "MUST", "An Inbox_Message without blocks is taken.", writing, async (probe) => {
    expectStatus(await probe.pushNothing(), "SUCCESS");
  }),
  check("SVC-STAT-009", "MUST", "SUCCESS has no details.", writing, async (probe) => {
    const reply = await probe.pushNothing();
    holds((expectStatus(reply, "SUCCESS").statusDetail?.details ?? []).length === 0, "there are details");
    expectValid(reply);
  }),
  check("SVC-INBOX-002", "MUST", "An Inbox_Message that cannot be read is BAD_MESSAGE.", writing, async (probe) => {
    expectStatus(await probe.post(inboxOf(probe), document(probe.version, "Inbox_Message", {}, "<Content_Block/>")), "BAD_MESSAGE");
  }),
  check("SVC-INBOX-006", "MUST", "What is taken with SUCCESS can be polled.", writing11, async (probe) => {
    const before = await horizon(probe);
    const block = probe.block();
    await probe.put(block);
    const isThere = (await textsSince(probe, before)).includes(block.text);
    if (!isThere) return "it cannot be polled, at least not yet (SVC-INBOX-004)";
    const { contentBlocks } = await probe.fetchTarget({ begin: before });
    const same = contentBlocks.find(({ content }) => textOf(content) === block.text);
    holds(
      same?.contentBinding.bindingId === block.binding,
      `its binding is ${quoted(same?.contentBinding.bindingId ?? "")}; expected ${quoted(block.binding)}`,
    );
    return undefined;
  }),
  check("SVC-INBOX-003", "MUST", "Of a message that is refused nothing is stored.", writing11, async (probe) => {
    applies(takes(probe).length > 0, "the service takes every binding");
    await storesNothing(probe, (text) => probe.push([probe.block({ text }), probe.block({ binding: nobodys })]));
  }),
  check(
    "SVC-INBOX-009",
    "MUST",
    "Where a destination is required, a message without one is DESTINATION_COLLECTION_ERROR.",
    { ...writing11, also: ["SVC-STAT-013"] },
    async (probe) => {
      const reply = await noDestination(probe);
      if (statusTypeOf(reply) === "SUCCESS") return "a destination is optional";
      expectStatus(reply, "DESTINATION_COLLECTION_ERROR");
      return undefined;
    },
  ),
  check("SVC-INBOX-010", "SHOULD", "DESTINATION_COLLECTION_ERROR lists what would be taken.", writing11, async (probe) => {
    const reply = await noDestination(probe);
    applies(statusTypeOf(reply) !== "SUCCESS", "a destination is optional");
    const names = detailsOf(expectStatus(reply, "DESTINATION_COLLECTION_ERROR"), "ACCEPTABLE_DESTINATION");
    const { collectionName } = probe.target.record;
    holds(names.includes(collectionName), `ACCEPTABLE_DESTINATION is ${listed(names)}; expected ${collectionName} among them`);
  }),
  check(
    "SVC-INBOX-011",
    "DECIDE",
    "A destination that does not exist is NOT_FOUND, and nothing is stored elsewhere.",
    writing11,
    async (probe) => {
      const { collectionName } = probe.target.record;
      const status = expectStatus(await probe.push([], [collectionName, nobodys]), "NOT_FOUND");
      const items = detailsOf(status, "ITEM");
      holds(items.includes(nobodys), `ITEM is ${listed(items)}; expected ${nobodys}`);
      await storesNothing(probe, (text) => probe.push([probe.block({ text })], [collectionName, nobodys]));
    },
  ),
  check("SVC-INBOX-012", "MUST", "A feed labels what comes in itself.", writing11, async (probe) => {
    const before = await horizon(probe);
    const block = probe.block({ label: "1999-01-01T00:00:00Z" });
    await probe.put(block);
    holds((await textsSince(probe, before)).includes(block.text), "a record that was labelled in 1999 is not among the new ones");
  }),
  check(
    "SVC-INBOX-014",
    "DECIDE",
    "A binding an inbox does not list is UNSUPPORTED_CONTENT, with those it lists.",
    { ...writing11, also: ["SVC-STAT-022"] },
    async (probe) => {
      applies(takes(probe).length > 0, "the service takes every binding");
      const status = expectStatus(await probe.push([probe.block({ binding: nobodys })]), "UNSUPPORTED_CONTENT");
      holds(detailsOf(status, "SUPPORTED_CONTENT").length > 0, "no SUPPORTED_CONTENT is listed");
    },
  ),
  check("SVC-INBOX-013", "MUST", "What fulfils a subscription is never UNSUPPORTED_CONTENT.", writing11, async (probe) => {
    const { collectionName } = probe.target.record;
    const source = `<Source_Subscription collection_name="${escaped(collectionName)}"><Subscription_ID>${nobodys}</Subscription_ID><Inclusive_End_Timestamp>2020-01-01T00:00:00Z</Inclusive_End_Timestamp></Source_Subscription>`;
    const reply = await probe.push([probe.block({ binding: nobodys })], undefined, source);
    holds(statusTypeOf(reply) !== "UNSUPPORTED_CONTENT", `found ${describe(reply)}`);
  }),
  check("SVC-INBOX-018", "SHOULD", "What is sent to one collection is in no other.", writing11, async (probe) => {
    const { collectionName } = probe.target.record;
    const { feed } = probe.survey;
    applies(feed !== undefined && feed.record.collectionName !== collectionName, "there is no other feed that can be polled");
    const before = (await probe.fetchFeed({ countOnly: true })).inclusiveEndTimestamp;
    const block = probe.block();
    await probe.put(block);
    const texts = (await probe.fetchFeed({ begin: before })).contentBlocks.map(({ content }) => textOf(content));
    holds(!texts.includes(block.text), `it is in ${quoted(feed.record.collectionName)} as well`);
  }),
  check("XML-CBK-005", "MUST", "Padding is no part of the content.", writing11, async (probe) => {
    const before = await horizon(probe);
    const block = probe.block({ padding: "padding of the contract test" });
    await probe.put(block);
    const texts = await textsSince(probe, before);
    holds(texts.includes(block.text), "the content is not what was sent");
  }),
  check("CB-MATCH-002", "MUST", "A binding without subtypes stands for all of them.", writing11, async (probe) => {
    const before = await horizon(probe);
    const block = probe.block({ subtype: nobodys });
    await probe.put(block);
    const { contentBlocks } = await probe.fetchTarget({ begin: before, bindings: [{ id: block.binding }] });
    holds(
      contentBlocks.some(({ content }) => textOf(content) === block.text),
      "a block with a subtype is left out",
    );
  }),
  check("CB-MATCH-003/subtype", "SHOULD NOT", "A poll that lists subtypes gets no others.", writing11, async (probe) => {
    const before = await horizon(probe);
    const block = probe.block({ subtype: nobodys });
    await probe.put(block);
    const reply = await pollTarget(probe, before, [{ id: block.binding, subtypes: ["urn:example:another-subtype"] }]);
    if (statusTypeOf(reply) === "UNSUPPORTED_CONTENT") return;
    const { message } = reply;
    const texts = message?.$type === "taxii11.PollResponse" ? message.contentBlocks.map(({ content }) => textOf(content)) : [];
    holds(!texts.includes(block.text), "a block of another subtype is there");
  }),
  check("CB-MATCH-004", "DECIDE", "A block without subtype fits every list of subtypes.", writing11, async (probe) => {
    const before = await horizon(probe);
    const block = probe.block();
    await probe.put(block);
    const { contentBlocks } = await probe.fetchTarget({ begin: before, bindings: [{ id: block.binding, subtypes: [nobodys] }] });
    holds(
      contentBlocks.some(({ content }) => textOf(content) === block.text),
      "it is left out",
    );
  }),
  check("CB-MATCH-005", "MUST", "A binding that is listed twice stands for the subtypes of both entries.", writing11, async (probe) => {
    const before = await horizon(probe);
    const subtypes = [`${nobodys}:1`, `${nobodys}:2`];
    const blocks = subtypes.map((subtype) => probe.block({ subtype }));
    await probe.put(...blocks);
    const bindings = subtypes.map((subtype) => ({ id: probe.binding, subtypes: [subtype] }));
    const texts = (await probe.fetchTarget({ begin: before, bindings })).contentBlocks.map(({ content }) => textOf(content));
    const missing = blocks.filter(({ text }) => !texts.includes(text));
    holds(missing.length === 0, `${missing.length} of 2 blocks are left out`);
  }),
  check("CB-NEST-007", "MUST", "A list of bindings covers all their nestings.", { ...writing11, also: ["CB-MATCH-006"] }, async (probe) => {
    const before = await horizon(probe);
    const block = probe.block({ binding: `${probe.binding}|${probe.binding}` });
    const reply = await probe.push([block]);
    holds(statusTypeOf(reply) !== "UNSUPPORTED_CONTENT", `the nesting of a binding is refused: ${describe(reply)}`);
    expectStatus(reply, "SUCCESS");
    const { contentBlocks } = await probe.fetchTarget({ begin: before, bindings: [{ id: probe.binding }] });
    holds(
      contentBlocks.some(({ content }) => textOf(content) === block.text),
      "the nesting of a binding is left out of a poll for the binding",
    );
  }),
];

async function pollTarget(probe: Probe, begin: string | undefined, bindings: Parameters<Probe["pollAt"]>[1]["bindings"]): Promise<Reply> {
  const { polling, record } = probe.target;
  if (polling === undefined) throw new Ending("not applicable", "the collection to write to cannot be polled");
  return probe.pollAt(polling, { collection: record.collectionName, begin, bindings });
}

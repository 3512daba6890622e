/** Polls that are answered later. */

import type { StatusMessage } from "../../../generated/taxii11/index.js";
import { applies, type Check, check, Ending, holds } from "../check.js";
import type { PollWishes } from "../documents.js";
import type { Probe } from "../probe.js";
import { describe, detailsOf, expectStatus, expectValid, type Reply, statusTypeOf } from "../reply.js";
import { quoted } from "../texts.js";

const later = { versions: ["1.1"], needs: { asynchronous: true } } as const;
const nobodys = "urn:example:contract-test";

function where({ survey }: Probe): { readonly name: string; readonly address: string } {
  if (survey.asynchronous === undefined) throw new Ending("not applicable", "no poll is answered later");
  return survey.asynchronous;
}

async function ask(probe: Probe, wishes: Partial<PollWishes> = {}): Promise<Reply> {
  const { name, address } = where(probe);
  return probe.pollAt(address, { collection: name, allowAsynch: true, ...wishes });
}

function resultOf(status: StatusMessage): string {
  const [id = ""] = detailsOf(status, "RESULT_ID");
  holds(id !== "", "there is no RESULT_ID");
  return id;
}

async function begin(probe: Probe, wishes?: Partial<PollWishes>): Promise<{ readonly status: StatusMessage; readonly id: string }> {
  const status = expectStatus(await ask(probe, wishes), "PENDING");
  return { status, id: resultOf(status) };
}

function fetchPart(probe: Probe, id: string, collection?: string): Promise<Reply> {
  const { name, address } = where(probe);
  return probe.fulfilAt(address, collection ?? name, id, 1);
}

function willPush(status: StatusMessage): boolean {
  const [value = ""] = detailsOf(status, "WILL_PUSH");
  return value === "true" || value === "1";
}

const pause = 250;
const mostRounds = 40;

export const asynchronous: readonly Check[] = [
  check(
    "SVC-ASYNC-002",
    "MUST",
    "PENDING has an estimated wait, the id of the result, and whether it will be pushed.",
    { ...later, also: ["SVC-STAT-018", "XML-STS-004", "XML-STS-008"] },
    async (probe) => {
      const reply = await ask(probe);
      const status = expectStatus(reply, "PENDING");
      resultOf(status);
      const [wait = ""] = detailsOf(status, "ESTIMATED_WAIT");
      holds(/^[1-9]\d*$/.test(wait), `ESTIMATED_WAIT is ${quoted(wait)}; expected a positive number of seconds`);
      const [push = ""] = detailsOf(status, "WILL_PUSH");
      holds(/^(?:true|false|1|0)$/.test(push), `WILL_PUSH is ${quoted(push)}; expected true or false`);
      expectValid(reply);
    },
  ),
  check("SVC-ASYNC-004", "MUST", "A result can be asked for at once.", { ...later, also: ["SVC-ASYNC-005"] }, async (probe) => {
    const { id } = await begin(probe);
    const reply = await fetchPart(probe, id);
    if (reply.message?.$type === "taxii11.PollResponse") return;
    const again = resultOf(expectStatus(reply, "PENDING"));
    holds(again === id, `RESULT_ID is ${quoted(again)}; expected ${quoted(id)}`);
  }),
  check(
    "SVC-ASYNC-006",
    "MUST",
    "A result that does not exist is ASYNCHRONOUS_POLL_ERROR.",
    { versions: ["1.1"], also: ["SVC-ASYNC-010"], needs: { labels: 0 } },
    async (probe) => {
      const { address, record } = probe.feed;
      const reply = await probe.fulfilAt(address, record.collectionName, nobodys, 1);
      applies(
        probe.survey.asynchronous !== undefined || statusTypeOf(reply) !== "BAD_MESSAGE",
        "the service does not take Poll_Fulfillment",
      );
      const status = expectStatus(reply, "ASYNCHRONOUS_POLL_ERROR");
      holds((status.statusDetail?.details ?? []).length === 0, "there are details");
    },
  ),
  check("SVC-ASYNC-007", "MUST", "A result of another collection is an error, and stays available.", later, async (probe) => {
    const { id } = await begin(probe);
    expectStatus(await fetchPart(probe, id, nobodys));
    const reply = await fetchPart(probe, id);
    const isThere = reply.message?.$type === "taxii11.PollResponse" || statusTypeOf(reply) === "PENDING";
    holds(isThere, `the result is gone: ${describe(reply)}`);
  }),
  check("SVC-ASYNC-008", "MUST", "A result that is ready is a Poll_Response.", later, async (probe) => {
    const { id } = await begin(probe);
    for (let round = 0; round < mostRounds; round++) {
      const reply = await fetchPart(probe, id);
      if (reply.message?.$type === "taxii11.PollResponse") return expectValid(reply) ?? undefined;
      expectStatus(reply, "PENDING");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    throw new Ending("not applicable", `it was not ready within ${(pause * mostRounds) / 1000} seconds`);
  }),
  check("SVC-PUSH-003", "MUST", "Nothing is pushed that was not asked for.", later, async (probe) => {
    holds(!willPush((await begin(probe)).status), "WILL_PUSH is true");
  }),
  check("SVC-PUSH-004", "DECIDE", "What cannot be pushed is made all the same, and not pushed.", later, async (probe) => {
    const delivery = { protocol: nobodys, address: "urn:example:nowhere", message: nobodys };
    holds(!willPush((await begin(probe, { delivery })).status), "WILL_PUSH is true for bindings that do not exist");
  }),
];

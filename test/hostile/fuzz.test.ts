/**
 * Requests at random, from good ones with a fault to plain noise: each gets an answer that is HTTP, never a fault of the server's
 * own, and the next good request works. `TAXII_HOSTILE_RUNS` says how many, `TAXII_HOSTILE_SEED` where to begin.
 */

import { expect, test } from "vitest";
import { Dice } from "../fuzz/dice.js";
import { expectNoLeak, expectToWork, messageOf, start, type Target } from "./kit.js";
import { noise } from "./noise.js";
import { type Answer, Wire } from "./wire.js";

const runs = Number(process.env["TAXII_HOSTILE_RUNS"] ?? "600");
const firstSeed = Number(process.env["TAXII_HOSTILE_SEED"] ?? "1");
/** Requests on their way at the same time. */
const lanes = 20;

/** What a server says that understood, refused, or gave up. */
const expected = new Set([100, 200, 204, 400, 404, 405, 406, 408, 413, 415, 417, 431]);

test(`${runs} requests with faults get answers [HTTP-GEN-001] [HTTP-RSP-001] [SEC-ID-004] [XML-GEN-008]`, {
  timeout: 60_000 + runs * 200,
}, async () => {
  // A request that is not whole, or seems not to be, ends with a time limit.
  const server = await start({ listen: { headersTimeout: 400, requestTimeout: 400, keepAliveTimeout: 400 } });
  const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index).values();
  const seen = new Map<string, number>();
  const lane = async (): Promise<void> => {
    for (const seed of seeds) {
      for (const outcome of await outcomesOf(server, seed)) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      if (seed % 25 === 0) await expectToWork(server);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await expectToWork(server);
  // The requests are worth something only while they get far enough to be answered in every way.
  for (const outcome of ["200 BAD_MESSAGE", "200 SUCCESS", "200 NOT_FOUND", "400", "404"])
    expect(seen.get(outcome), outcome).toBeGreaterThan(0);
});

/** HTTP status and TAXII status of each answer to a request. */
async function outcomesOf({ port }: Target, seed: number): Promise<readonly string[]> {
  const request = noise(new Dice(seed));
  const wire = await Wire.open(port);
  await wire.send(request);
  try {
    const answers = await wire.answers(1);
    expect(answers.length).toBeGreaterThan(0);
    return answers.map(outcomeOf);
  } catch (error) {
    throw new Error(`seed ${seed}: ${JSON.stringify(request.toString("latin1"))}`, { cause: error });
  } finally {
    wire.cut();
  }
}

function outcomeOf(answer: Answer): string {
  const { status, fields } = answer;
  expect(expected).toContain(status);
  expectNoLeak(answer);
  if (!fields.has("x-taxii-content-type")) {
    expect(status).not.toBe(200);
    return String(status);
  }
  const message = messageOf(answer);
  if (!("statusType" in message)) return `${status} ${message.$type}`;
  expect(message.statusType).not.toBe("FAILURE");
  return `${status} ${message.statusType}`;
}

/** Holds what consumers saw against what senders were promised. */

import { expect } from "vitest";
import type { Poller, Push, Seen, Sender } from "./traffic.js";

export interface JudgeOptions {
  /**
   * Whether a refused message may be there all the same, because the server itself could not know: its database was gone before
   * it said whether it had committed. Default: false.
   */
  readonly lostCommits?: boolean;
}

/**
 * Every block of every accepted message was seen once, in one run; of a message whose answer was lost, all blocks or none; of
 * one that was refused, none; nothing else; labels rise.
 */
export function judgePolls(senders: readonly Sender[], { seen, ranges }: Poller, options: JudgeOptions = {}): void {
  judgeBlocks(senders, seen, options);
  for (const [index, { begin }] of ranges.entries()) expect(begin).toBe(index === 0 ? undefined : ranges[index - 1]?.end);
  let at = 0;
  for (const { begin, end } of ranges) {
    // Labels have one length, so their texts are in the order of time.
    for (; at < seen.length && (seen[at]?.label ?? "") <= end; at++) expect((seen[at]?.label ?? "") > (begin ?? "")).toBe(true);
  }
  expect(at).toBe(seen.length);
}

/** The same for pushes, of which each may come several times: equal ones are one, and the ranges follow each other. */
export function judgePushes(senders: readonly Sender[], pushes: readonly Push[], options: JudgeOptions = {}): void {
  const once = new Map<string, Push>();
  for (const push of pushes) {
    const key = `${push.begin} ${push.end}`;
    const before = once.get(key);
    if (before === undefined) once.set(key, push);
    else expect(push.blocks).toEqual(before.blocks);
  }
  const ranges = [...once.values()];
  for (const [index, { begin, end, blocks }] of ranges.entries()) {
    if (index > 0) expect(begin).toBe(ranges[index - 1]?.end);
    for (const { label } of blocks) expect(label > (begin ?? "") && label <= end).toBe(true);
  }
  judgeBlocks(
    senders,
    ranges.flatMap(({ blocks }) => blocks),
    options,
  );
}

function judgeBlocks(senders: readonly Sender[], seen: readonly Seen[], { lostCommits = false }: JudgeOptions): void {
  const places = new Map(seen.map(({ text }, index) => [text, index]));
  expect(places.size, "blocks that came twice").toBe(seen.length);
  for (let index = 1; index < seen.length; index++) expect((seen[index]?.label ?? "") > (seen[index - 1]?.label ?? "")).toBe(true);
  let expected = 0;
  for (const { texts, outcome } of senders.flatMap(({ sent }) => sent)) {
    const found = texts.map((text) => places.get(text));
    const there = found.filter((place) => place !== undefined);
    if (outcome === "refused" && !lostCommits) expect(there, "blocks of a message that was refused").toEqual([]);
    if (outcome === "accepted" || there.length > 0) {
      const first = found[0] ?? Number.NaN;
      expect(found, `the blocks of a message that was ${outcome}`).toEqual(texts.map((_, index) => first + index));
      expected += texts.length;
    }
  }
  expect(seen.length, "blocks that nobody sent").toBe(expected);
}

/** What there was to judge, on a line. */
export function summary(senders: readonly Sender[], pollers: readonly Poller[], pushes: readonly Push[]): string {
  const sent = senders.flatMap((sender) => sender.sent);
  const messages = (outcome: string): number => sent.filter((one) => one.outcome === outcome).length;
  const ranges = new Set(pushes.map(({ begin, end }) => `${begin} ${end}`)).size;
  const seen = pollers.map((poller) => poller.seen.length).join(" and ");
  const broken = pollers.reduce((sum, poller) => sum + poller.broken, 0);
  return [
    `messages: ${messages("accepted")} accepted, ${messages("refused")} refused, ${messages("unknown")} without answer`,
    `polls: ${seen} blocks, ${broken} rounds broken off`,
    `pushes: ${pushes.length} taken, of them ${pushes.length - ranges} repeated, ${ranges} ranges`,
  ].join("; ");
}

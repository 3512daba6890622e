/** Whatever breaks, and wherever: in the end each block is in the index once. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { FolderMirror, mirrorFiles } from "../../../src/cli/mirror/folder.js";
import type { Client } from "../../../src/client/api.js";
import type { Poll, PollOptions } from "../../../src/client/poll/options.js";
import type { StateStore } from "../../../src/client/poll/state.js";
import { testEnvironment } from "../environment.js";

const key = "key";

/** How one run goes. */
interface Course {
  /** Blocks before the run breaks off. */
  readonly breaksAfter: number;
  /** Blocks of one part of a result. */
  readonly partSize: number;
  /** Whether each part moves the state on, or only the last one. */
  readonly byPart: boolean;
  /** Whether the server still has the result that the state speaks of. */
  readonly keepsResult: boolean;
  /** What the process was doing when it was killed: writing the index, or between a file and its line. */
  readonly tear: "none" | "line" | "file";
}

class Break extends Error {}

const labelOf = (number: number): string => `2026-01-01T00:00:00.${String(number).padStart(6, "0")}Z`;

function blockOf(number: number): ContentBlock {
  // Some contents are alike, and some blocks have no label.
  const content = { text: `content ${number % 7}` };
  return { content, contentBinding: { bindingId: `urn:${number}` }, timestampLabel: number % 11 === 10 ? undefined : labelOf(number) };
}

/** A poll that gives blocks in parts, and saves its state as polls do. */
async function* give(held: readonly number[], state: StateStore, course: Course): AsyncGenerator<ContentBlock> {
  const known = await state.load(key);
  const rest = held.filter((number) => number % 11 === 10 || labelOf(number) > (known?.after ?? ""));
  const last = Math.max(-1, ...held);
  // The parts of a result stay as they are.
  const resumed = course.keepsResult ? known?.result : undefined;
  const partSize = Number(resumed?.id ?? course.partSize);
  const firstPart = resumed?.part ?? 1;
  let given = 0;
  for (let part = firstPart, at = (part - 1) * partSize; at < rest.length; at += partSize, part += 1) {
    const numbers = rest.slice(at, at + partSize);
    for (const number of numbers) {
      if (given++ >= course.breaksAfter) throw new Break();
      yield blockOf(number);
    }
    if (course.byPart && resumed === undefined) await state.save(key, { after: labelOf(Math.max(...numbers)) });
    else if (at + partSize < rest.length) await state.save(key, { after: known?.after, result: { id: String(partSize), part: part + 1 } });
  }
  if (last >= 0) await state.save(key, { after: labelOf(last) });
}

/** @param onSave is told when the state was saved */
function clientOf(held: readonly number[], course: Course, onSave: () => void): Client {
  const poll = (_name: string, { state: store }: PollOptions = {}): Poll => {
    if (store === undefined) throw new Error("no state");
    const state: StateStore = {
      load: (name) => store.load(name),
      save: async (name, reached) => {
        await store.save(name, reached);
        onSave();
      },
    };
    return {
      end: undefined,
      begin: undefined,
      received: [],
      recordCount: undefined,
      willPush: false,
      result: undefined,
      [Symbol.asyncIterator]: () => give(held, state, course),
    };
  };
  return { poll } as Partial<Client> as Client;
}

/**
 * What a kill leaves that came too early for the line of the last block.
 *
 * @param saved bytes of the index when the state was saved last: what the state counts on was written before it
 */
function tear(folder: string, how: Course["tear"], saved: number): void {
  const path = join(folder, mirrorFiles.index);
  const { size } = statSync(path);
  if (how === "none" || size <= saved) return;
  const whole = readFileSync(path, "utf8").trimEnd().lastIndexOf("\n") + 1;
  truncateSync(path, how === "line" ? Math.max(saved, size - 3) : Math.max(saved, whole));
  writeFileSync(join(folder, ".taxii-00000000deadbeef.part"), "half");
}

const course: fc.Arbitrary<Course> = fc.record({
  breaksAfter: fc.nat(30),
  partSize: fc.integer({ min: 1, max: 12 }),
  byPart: fc.boolean(),
  keepsResult: fc.boolean(),
  tear: fc.constantFrom("none", "line", "file"),
});

it("each block is in the index once, after any runs that break and one that does not", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(course, { maxLength: 6 }), fc.nat(30), fc.boolean(), async (courses, more, dedupe) => {
      const folder = mkdtempSync(join(tmpdir(), "taxii-crash-"));
      try {
        const environment = testEnvironment();
        const held: number[] = [];
        const last = { breaksAfter: Number.POSITIVE_INFINITY, partSize: 5, byPart: true, keepsResult: false, tear: "none" } as const;
        for (const one of [...courses, last]) {
          for (let count = 0; count <= more; count++) held.push(held.length);
          const mirror = await FolderMirror.open(folder, environment);
          let saved = statSync(join(folder, mirrorFiles.index)).size;
          const client = clientOf(held, one, () => {
            saved = statSync(join(folder, mirrorFiles.index)).size;
          });
          const update = mirror.update({ client, collection: "feed", poll: {}, begin: undefined, dedupe });
          await update.catch((error: unknown) => expect(error).toBeInstanceOf(Break));
          await mirror.close();
          tear(folder, one.tear, saved);
        }
        const lines = readFileSync(join(folder, mirrorFiles.index), "utf8").trimEnd().split("\n");
        const bindings = lines.map((line) => (JSON.parse(line) as { binding: string }).binding);
        expect(bindings.toSorted()).toEqual(held.map((number) => `urn:${number}`).toSorted());
        for (const line of lines) {
          const { file, binding } = JSON.parse(line) as { file: string; binding: string };
          expect(readFileSync(join(folder, file), "utf8")).toBe(`content ${Number(binding.slice(4)) % 7}`);
        }
        if (dedupe) expect(readdirSync(folder).filter((name) => name.endsWith(".txt")).length).toBeLessThanOrEqual(7);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 40 },
  );
});

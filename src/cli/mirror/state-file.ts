/** A file that says how far collections were mirrored. */

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { isDateTime } from "../../binding/datetime.js";
import { replaceFile } from "../../client/node/replace-file.js";
import { isCode } from "../../client/node/system-error.js";
import type { PollState } from "../../client/poll/state.js";
import { parseJson } from "../../message/content/sniff-json.js";
import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";

const entry = z.strictObject({
  /** What to poll after. */
  after: z.string().refine(isDateTime, "expected a date and time").optional(),
  result: z.strictObject({ id: z.string(), part: z.int().min(1) }).optional(),
  /** Bytes of the index that belong to what is before `after`. */
  index: z.int().min(0).optional(),
});

const content = z.strictObject({ version: z.literal(1), states: z.record(z.string(), entry) });

/** How far a collection was mirrored. */
export interface MirrorState extends PollState {
  readonly index?: number | undefined;
}

/** The file, loaded. */
export interface StateFile {
  get(key: string): MirrorState | undefined;
  /** Is there for good when it returns: the file is replaced as a whole. */
  set(key: string, state: MirrorState): Promise<void>;
}

/** Loads a file; one that is not there is empty. @throws UsageError when it holds something else */
export async function openStateFile(file: string): Promise<StateFile> {
  const states = new Map(Object.entries(await load(file)));
  return {
    get: (key) => states.get(key),
    async set(key, { after, result, index }) {
      states.set(key, { after, result, index });
      await replaceFile(file, `${JSON.stringify({ version: 1, states: Object.fromEntries(states) }, undefined, 2)}\n`);
    },
  };
}

async function load(file: string): Promise<Record<string, MirrorState>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return {};
    throw error;
  }
  const parsed = content.safeParse(parseJson(text)?.value);
  if (parsed.success) return parsed.data.states;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
  throw new UsageError(`${printableLine(file)} is no state of a mirror${printableLine(where)}; move it away to begin anew`);
}

/** What is worth knowing of an answer to a poll, and of its blocks. */

import type { ContentBlock, PollResponse } from "../../../generated/taxii11/index.js";
import { compareInstants } from "../../binding/datetime.js";
import { describeContent } from "../../message/content/index.js";
import { type Note, remark, warning } from "./finding.js";

/** The beginning of an answer to a poll. */
export interface PolledPart {
  /** The length of time that was asked for; undefined for everything. */
  readonly since: string | undefined;
  readonly message: PollResponse;
  readonly blocks: readonly ContentBlock[];
  /** To the first block, or to the head where there is none. */
  readonly milliseconds: number;
  /** Why the blocks ended early. */
  readonly breaks: unknown;
  readonly status: number | undefined;
}

const slow = 10_000;

/** What the answer says of itself. */
export function answerNotes({ since, message, blocks, milliseconds }: PolledPart): Note[] {
  const { exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end, more, resultId } = message;
  const notes: Note[] = [];
  if (begin !== undefined && end !== undefined && (compareInstants(begin, end) ?? 0) > 0)
    notes.push(warning(`the answer says that it ends (${end}) before it begins (${begin})`, "--state goes by the labels of the content"));
  if (since !== undefined && end === undefined && blocks.length > 0)
    notes.push(
      warning("the answer does not say up to where it is complete", "--state goes by the latest label; some content may come twice"),
    );
  if (more && resultId === undefined)
    notes.push(warning("there are more parts, and no id to ask for them", "narrower windows may avoid that: --window 1d"));
  else if (more) notes.push(remark("the result has more parts, which taxii poll asks for"));
  if (milliseconds >= slow)
    notes.push(
      warning(
        `the first block took ${Math.round(milliseconds / 1000)} s`,
        "give wide ranges more time with --timeout, or split them with --window",
      ),
    );
  if (message.message !== undefined) notes.push(remark(`the server says: ${message.message}`));
  return notes;
}

/** What the blocks are like. */
export function blockNotes(blocks: readonly ContentBlock[]): Note[] {
  if (blocks.length === 0) return [];
  return [...labelNotes(blocks), remark(`content: ${listText(blocks.map(contentText))}`), ...bindingNotes(blocks)];
}

function labelNotes(blocks: readonly ContentBlock[]): Note[] {
  const missing = blocks.filter(({ timestampLabel }) => timestampLabel === undefined).length;
  if (missing === 0) return [];
  const text = `${missing} of ${blocks.length} blocks have no timestamp label`;
  return [warning(text, "a data set needs none; for a feed, --state cannot go by labels")];
}

function contentText(block: ContentBlock): string {
  const { kind, stixVersion, decoded } = describeContent(block);
  const what = stixVersion === undefined ? kind : `STIX ${stixVersion}`;
  return `${what}${decoded === undefined ? "" : ` (base64 of ${decoded})`} as ${block.contentBinding.bindingId}`;
}

function bindingNotes(blocks: readonly ContentBlock[]): Note[] {
  const wrong = blocks.filter((block) => describeContent(block).bindingAgrees === false);
  if (wrong.length === 0) return [];
  return [
    warning(
      `${wrong.length} blocks are not what their content binding says`,
      "asking for a binding (--binding) goes by what the server says",
    ),
  ];
}

/** Each text once, the most frequent first, with how often it comes. */
function listText(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([text, count]) => `${count} × ${text}`)
    .join("; ");
}

/** What a mirror has already. */

import { compareInstants } from "../../binding/datetime.js";
import type { Timestamp } from "../../message/timestamp.js";
import type { IndexFile, IndexLine } from "./index-file.js";

/** Up to which label a mirror is complete, and where in the index the lines begin that may be labelled later. */
export interface LedgerState {
  readonly after: Timestamp | undefined;
  readonly index: number;
}

/**
 * Knows the blocks in an index. Blocks labelled later than the state may come again at any time, so those are kept in memory.
 * Older ones do not as a rule: the whole index is read only when one does.
 */
export class Ledger {
  readonly #index: IndexFile;
  /** Labels by id of the lines that may be later than the state. */
  readonly #recent = new Map<string, Timestamp | undefined>();
  /** Ids of all lines, once they were needed. */
  #all: Set<string> | undefined;
  /** Files by the hash of their content; undefined when nobody asks for them. */
  readonly #files: Map<string, string> | undefined;
  #state: LedgerState;

  private constructor(index: IndexFile, state: LedgerState, byContent: boolean) {
    this.#index = index;
    this.#state = state;
    this.#files = byContent ? new Map() : undefined;
  }

  /** @param byContent whether files are to be found by their content, for which all of the index has to be read */
  static async open(index: IndexFile, state: LedgerState | undefined, byContent: boolean): Promise<Ledger> {
    // Without a label to go on from, everything comes again.
    const known = state?.after === undefined ? { after: undefined, index: 0 } : state;
    const ledger = new Ledger(index, known, byContent);
    for await (const { id, label } of index.lines(known.index)) ledger.#recent.set(id, label);
    if (ledger.#files !== undefined) for await (const { sha256, file } of index.lines(0)) ledger.#files.set(sha256, file);
    return ledger;
  }

  /** Whether a block is in the index. */
  async has(id: string, label: Timestamp | undefined): Promise<boolean> {
    if (this.#recent.has(id)) return true;
    if (this.#state.after === undefined || isLater(label, this.#state.after)) return false;
    this.#all ??= await this.#readAll();
    return this.#all.has(id);
  }

  /** The file that has this content already. */
  fileOf(sha256: string): string | undefined {
    return this.#files?.get(sha256);
  }

  async add(line: IndexLine): Promise<void> {
    await this.#index.append(line);
    this.#recent.set(line.id, line.label === undefined ? undefined : detached(line.label));
    this.#all?.add(line.id);
    this.#files?.set(line.sha256, line.file);
  }

  /** The mirror is complete up to `after`. @returns what to remember */
  async settle(after: Timestamp | undefined): Promise<LedgerState> {
    const { after: before, index } = this.#state;
    if (after === before || after === undefined) return this.#state;
    if (before !== undefined && isLater(before, after)) {
      // A producer can change its mind about how far it is. What was settled may come again then.
      for await (const { id, label } of this.#index.lines(0)) this.#recent.set(id, label);
      this.#state = { after, index: 0 };
      return this.#state;
    }
    for (const [id, label] of this.#recent) if (!isLater(label, after)) this.#recent.delete(id);
    this.#state = { after, index: this.#recent.size === 0 ? this.#index.size : index };
    return this.#state;
  }

  async #readAll(): Promise<Set<string>> {
    const all = new Set<string>();
    for await (const { id } of this.#index.lines(0)) all.add(id);
    return all;
  }
}

/** The same text on its own. What is cut from a document keeps the piece of it in memory that it was cut from. */
function detached(text: string): string {
  return Buffer.from(text).toString();
}

function isLater(label: Timestamp | undefined, after: Timestamp): boolean {
  return label !== undefined && (compareInstants(label, after) ?? 0) > 0;
}

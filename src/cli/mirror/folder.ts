/** A folder that is kept in step with collections: a file for each content, and a line of the index for each block. */

import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { isXmlContent } from "../../binding/content.js";
import type { Client } from "../../client/api.js";
import type { PollOptions } from "../../client/poll/options.js";
import type { PollState, StateStore } from "../../client/poll/state.js";
import type { Timestamp } from "../../message/timestamp.js";
import { type BlockFiles, createBlockFiles } from "../block-files.js";
import type { Environment } from "../environment.js";
import { blockName, contentText } from "../poll/block-name.js";
import { extensionOf } from "../poll/extension.js";
import { type IndexFile, openIndexFile } from "./index-file.js";
import { Ledger } from "./ledger.js";
import { lock } from "./lock.js";
import { openStateFile, type StateFile } from "./state-file.js";

/** Names of the mirror's own files. */
export const mirrorFiles = { state: ".taxii-mirror.json", lock: ".taxii-mirror.lock", index: "index.ndjson" } as const;

export interface FolderMirrorOptions {
  readonly client: Client;
  readonly collection: string;
  readonly poll: PollOptions;
  /** Where to begin when there is no state yet. */
  readonly begin?: Timestamp | undefined;
  /** Whether content that is there already gets no second file. */
  readonly dedupe: boolean;
  /** Is told of each block, and whether it was new. */
  readonly onBlock?: ((isNew: boolean, bytes: number) => void) | undefined;
}

/** A folder, locked for this process. */
export class FolderMirror {
  readonly #files: BlockFiles;
  readonly #index: IndexFile;
  readonly #states: StateFile;
  readonly #unlock: () => Promise<void>;

  private constructor(files: BlockFiles, index: IndexFile, states: StateFile, unlock: () => Promise<void>) {
    this.#files = files;
    this.#index = index;
    this.#states = states;
    this.#unlock = unlock;
  }

  /**
   * Opens a folder, or makes it, and tidies up what a killed process left.
   *
   * @throws UsageError when it is in use, or holds what is no mirror's
   */
  static async open(directory: string, environment: Environment): Promise<FolderMirror> {
    // Whatever has the name of a block is kept: it is the block, or what the user made of it.
    const files = await createBlockFiles(directory, { existing: "keep", create: true }, environment);
    const unlock = await lock(join(directory, mirrorFiles.lock), { signal: environment.signal });
    try {
      await removeLeftovers(directory);
      const states = await openStateFile(join(directory, mirrorFiles.state));
      return new FolderMirror(files, await openIndexFile(join(directory, mirrorFiles.index)), states, unlock);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#index.close();
    await this.#unlock();
  }

  /**
   * Polls what is new and writes it.
   *
   * A block is there when its line is in the index. The file comes first, so that there is never a line without a file; a
   * process that is killed in between finds the file, and writes the line. The state comes last, and with it where in the
   * index the blocks are that come again after a crash.
   *
   * @returns how far the collection is complete
   * @throws the errors of the poll and of the file system; what was written before is whole
   */
  async update({ client, collection, poll: options, begin, dedupe, onBlock }: FolderMirrorOptions): Promise<Timestamp | undefined> {
    let ledger: Ledger | undefined;
    const state: StateStore = {
      load: async (key) => {
        const found = this.#states.get(key);
        ledger = await Ledger.open(this.#index, found === undefined ? undefined : { after: found.after, index: found.index ?? 0 }, dedupe);
        return found === undefined ? initialState(begin) : { after: found.after, result: found.result };
      },
      save: async (key, reached) => {
        const settled = await ledger?.settle(reached.after);
        await this.#states.set(key, { ...reached, index: settled?.index });
      },
    };
    const poll = client.poll(collection, { ...options, state });
    for await (const block of poll) {
      ledger ??= await Ledger.open(this.#index, undefined, dedupe);
      const bytes = Buffer.from(contentText(block));
      const isNew = await this.#keep(collection, block, bytes, ledger);
      onBlock?.(isNew, bytes.length);
    }
    return poll.end;
  }

  /** Writes a block. @returns false when it was there */
  async #keep(collection: string, block: ContentBlock, bytes: Uint8Array, ledger: Ledger): Promise<boolean> {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const label = labelling(collection, block);
    const id = createHash("sha256")
      .update(JSON.stringify([label, sha256]))
      .digest()
      .toString("hex", 0, idBytes);
    if (await ledger.has(id, block.timestampLabel)) return false;
    const file = ledger.fileOf(sha256) ?? (await this.#save(collection, block, bytes, sha256));
    await ledger.add({ file, ...label, bytes: bytes.length, sha256, id });
    return true;
  }

  /** @returns the name of the file that has the content */
  async #save(collection: string, block: ContentBlock, bytes: Uint8Array, sha256: string): Promise<string> {
    const extension = extensionOf(block);
    const name = blockName(collection, block, bytes, extension);
    const { path, outcome } = await this.#files.save(name, bytes);
    if (outcome !== "skipped") return basename(path);
    // Something else has this name: what the user made of the block, or one that only looks like it.
    const longer = await this.#files.save(`${sha256}_${name}`, bytes);
    return basename(longer.path);
  }
}

/** Everything that comes with a content, as it came. What is absent has no key. */
function labelling(collection: string, block: ContentBlock) {
  const { timestampLabel, contentBinding, message, padding, signature, content } = block;
  return {
    collection,
    label: timestampLabel,
    binding: contentBinding.bindingId,
    subtype: contentBinding.subtype?.subtypeId,
    // Text that looks like markup is something else than markup.
    kind: isXmlContent(content) ? "xml" : "text",
    message,
    padding,
    signature: signature?.xml,
  };
}

/** Bytes of a hash that tell blocks apart, also when somebody tries to make two alike. */
const idBytes = 16;

function initialState(begin: Timestamp | undefined): PollState | undefined {
  return begin === undefined ? undefined : { after: begin };
}

const ownLeftover = /^\.taxii-mirror\.json\.[0-9a-f]{16}\.part$/;
const leftover = /^\.taxii-[0-9a-f]{16}\.part$/;

/** Milliseconds after which nobody is still writing what has this name; another program of ours may be at work in the folder. */
const writingTime = 60_000;

/** What a killed process had begun to write. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (ownLeftover.test(name) || (leftover.test(name) && (await stat(path)).mtimeMs < Date.now() - writingTime))
      await rm(path, { force: true });
  }
}

/** Where a mirror goes: a folder, or an inbox. */

import type { Client } from "../../client/api.js";
import { fileState } from "../../client/node/index.js";
import type { PollOptions } from "../../client/poll/options.js";
import type { Timestamp } from "../../message/timestamp.js";
import type { Environment } from "../environment.js";
import { relay } from "../relay.js";
import { FolderMirror } from "./folder.js";
import { lockRoute, type Route, stateOfRoute } from "./inbox.js";

/** What one round did so far. */
export interface Tally {
  /** Blocks that were new and have arrived. */
  arrived: number;
  /** Blocks the server gave once more. */
  known: number;
  /** Bytes of content. */
  bytes: number;
  /** How far the collection is complete; undefined before the end of the round. */
  end: Timestamp | undefined;
}

/** Something that is kept in step with a collection. */
export interface MirrorTarget {
  /** For people: `stix/`, or the address of the inbox. */
  readonly name: string;
  /** Brings what is new. @param onProgress is called whenever `tally` has changed */
  update(tally: Tally, onProgress: () => void): Promise<void>;
  close(): Promise<void>;
}

/** What is mirrored, and how. */
export interface MirrorSource {
  readonly client: Client;
  readonly collection: string;
  readonly poll: PollOptions;
  /** Where the first run begins. */
  readonly begin: Timestamp | undefined;
}

/** A folder. @throws as `FolderMirror.open` */
export async function folderTarget(
  directory: string,
  dedupe: boolean,
  source: MirrorSource,
  environment: Environment,
): Promise<MirrorTarget> {
  const folder = await FolderMirror.open(directory, environment);
  return {
    name: directory,
    async update(tally, onProgress) {
      const onBlock = (isNew: boolean, bytes: number): void => {
        tally.bytes += bytes;
        if (isNew) tally.arrived += 1;
        else tally.known += 1;
        onProgress();
      };
      tally.end = await folder.update({ ...source, dedupe, onBlock });
    },
    close: () => folder.close(),
  };
}

/** An inbox of another server. */
export interface InboxTargetOptions {
  readonly client: Client;
  readonly route: Route;
  /** The file the state is kept in. */
  readonly state: string;
  readonly keepLabels: boolean;
  readonly message: string | undefined;
}

/** An inbox, which gets each block at least once: the state is saved when the inbox has taken what is before it. */
export async function inboxTarget(
  { client: to, route, state: file, keepLabels, message }: InboxTargetOptions,
  { client: from, collection, poll, begin }: MirrorSource,
  environment: Environment,
): Promise<MirrorTarget> {
  const unlock = await lockRoute(file, route, environment);
  const state = stateOfRoute(fileState(file), route, begin);
  return {
    name: route.to,
    async update(tally, onProgress) {
      const { end } = await relay({
        from,
        collection,
        poll: { ...poll, state },
        to,
        push: { collection: route.destinations, message, signal: environment.signal },
        keepLabels,
        onProgress({ pushed, bytes }) {
          tally.arrived = pushed;
          tally.bytes = bytes;
          onProgress();
        },
      });
      tally.end = end;
    },
    close: unlock,
  };
}

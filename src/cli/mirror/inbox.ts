/** An inbox that is kept in step with a collection. */

import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { StateStore } from "../../client/poll/state.js";
import type { Timestamp } from "../../message/timestamp.js";
import type { Environment } from "../environment.js";
import { lock } from "./lock.js";

/** What a mirror goes from, and where to. */
export interface Route {
  /** The addresses of both servers. */
  readonly from: string;
  readonly to: string;
  readonly collection: string;
  /** The collections at the inbox. */
  readonly destinations: readonly string[];
}

/** The file for the state of a mirror whose user names none: in `XDG_STATE_HOME`, or in `~/.local/state`. */
export function stateFileFor(route: Route, { env, home }: Pick<Environment, "env" | "home">): string {
  const { XDG_STATE_HOME: folder = "" } = env;
  // A relative one has no meaning, says the XDG Base Directory Specification.
  const base = isAbsolute(folder) ? folder : join(home, ".local", "state");
  return join(base, "taxii", `mirror-${hashOf(route)}.json`);
}

/** Makes the folder of a state file, and locks the mirror for this process. @returns lets others have it */
export async function lockRoute(file: string, route: Route, { signal }: Environment): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return lock(`${file}.${hashOf(route)}.lock`, { signal });
}

/**
 * A store in which the same collection has a state for each place it goes to, and a beginning where there is none yet.
 *
 * @param begin what to poll after the first time; undefined for all there is
 */
export function stateOfRoute(store: StateStore, { to, destinations }: Route, begin: Timestamp | undefined): StateStore {
  const keyOf = (key: string): string => JSON.stringify([key, withoutQuery(to), destinations]);
  return {
    load: async (key) => (await store.load(keyOf(key))) ?? (begin === undefined ? undefined : { after: begin }),
    save: (key, state) => store.save(keyOf(key), state),
  };
}

function hashOf({ from, to, collection, destinations }: Route): string {
  const parts = [withoutQuery(from), collection, withoutQuery(to), destinations];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Queries can hold credentials, which have no place in names and keys. */
function withoutQuery(address: string): string {
  const url = new URL(address);
  url.search = "";
  url.hash = "";
  return url.href;
}

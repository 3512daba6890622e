/** How processes agree on one PostgreSQL: the first that comes to a folder starts it, the others wait. */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { attachPostgres, type Place, type Postgres, startPostgres } from "./postgres.js";

export function placeFile(meeting: string): string {
  return join(meeting, "place.json");
}

export function readPlace(meeting: string): Place {
  return JSON.parse(readFileSync(placeFile(meeting), "utf8")) as Place;
}

/** The PostgreSQL of a folder, which is started when this is the first to ask. */
export async function meetPostgres(meeting: string): Promise<Postgres> {
  const failure = join(meeting, "failure.txt");
  if (isFirst(meeting)) {
    try {
      const { place } = await startPostgres();
      writeFileSync(`${placeFile(meeting)}.new`, JSON.stringify(place));
      renameSync(`${placeFile(meeting)}.new`, placeFile(meeting));
    } catch (error) {
      writeFileSync(failure, String(error));
    }
  }
  while (!existsSync(placeFile(meeting))) {
    if (existsSync(failure)) throw new Error(readFileSync(failure, "utf8"));
    await pause(50);
  }
  return attachPostgres(readPlace(meeting));
}

function isFirst(meeting: string): boolean {
  return mkdirSync(join(meeting, "starting"), { recursive: true }) !== undefined;
}

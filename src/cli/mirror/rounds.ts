/** The rounds of a mirror: one, or one after the other. */

import { TaxiiError } from "../../errors.js";
import type { Environment } from "../environment.js";
import { exitCodeOf, failureText } from "../failure.js";
import { exitCodes, OutputClosedError, printableLine } from "../output.js";
import { jsonLine } from "../output-form.js";
import { countText, sizeText } from "../poll/progress.js";
import type { RelayWatcher } from "../relay-summary.js";
import type { MirrorTarget, Tally } from "./target.js";
import { watch } from "./watch.js";

/** What the rounds tell, and how often there are some. */
export interface RoundOptions {
  readonly collection: string;
  /** Seconds between two rounds; undefined for a single one. */
  readonly watch: number | undefined;
  readonly quiet: boolean;
  /** Whether each round prints a line of JSON. */
  readonly json: boolean;
  readonly watcher: RelayWatcher;
}

/** Does one round; or, until the signal ends it, many. @returns the exit code @throws what a single round throws, or what is fatal */
export async function runRounds(target: MirrorTarget, options: RoundOptions, environment: Environment): Promise<number> {
  const { signal, output } = environment;
  if (options.watch === undefined) {
    await round(target, options, environment);
    return exitCodes.ok;
  }
  const onFailure = (error: unknown, delay: number): void =>
    output.err(`taxii mirror: ${failureText(error, environment)}\ntrying again in ${Math.ceil(delay / 1000)} s\n`);
  try {
    return await watch(() => round(target, options, environment), { seconds: options.watch, signal, onFailure, isFatal });
  } catch (error) {
    // Being stopped is how watching ends.
    if (signal.aborted) return exitCodes.ok;
    throw error;
  }
}

/** Whether the next round would fail in the same way. */
function isFatal(error: unknown): boolean {
  const isState = error instanceof TaxiiError && error.code === "STATE_FILE";
  return isState || error instanceof OutputClosedError || exitCodeOf(error) === exitCodes.usage;
}

async function round(target: MirrorTarget, options: RoundOptions, environment: Environment): Promise<void> {
  const { collection, quiet, json, watcher } = options;
  const { output } = environment;
  const tally: Tally = { arrived: 0, known: 0, bytes: 0, end: undefined };
  let error: string | undefined;
  try {
    await target.update(tally, () =>
      watcher.onProgress({ polled: tally.arrived + tally.known, bytes: tally.bytes, pushed: tally.arrived }),
    );
  } catch (failure) {
    error = failureText(failure, environment);
    throw failure;
  } finally {
    watcher.end();
    // Who watches wants to hear of news only.
    const isNews = options.watch === undefined || tally.arrived > 0;
    if (!quiet && isNews) output.err(`${printableLine(summary(collection, target, tally))}\n`);
    const { arrived, known, bytes, end = null } = tally;
    if (json) await output.out(jsonLine({ collection, new: arrived, known, bytes, end, error: error ?? null }));
  }
}

function summary(collection: string, { name }: MirrorTarget, { arrived, known, bytes, end }: Tally): string {
  return [
    `${countText(arrived)} new of ${collection} in ${name} (${sizeText(bytes)} received)`,
    ...(known === 0 ? [] : [`${countText(known)} known already`]),
    ...(end === undefined ? [] : [`complete up to ${end}`]),
  ].join("; ");
}

/** What a relay tells the user: how far it is, and what became of it. */

import type { PollOptions } from "../client/poll/options.js";
import type { Environment } from "./environment.js";
import { countText, createProgress, sizeText } from "./poll/progress.js";
import type { RelayProgress, RelayReport } from "./relay.js";

/** A relay under observation. */
export interface RelayWatcher {
  /** For the relay, and for its poll. */
  readonly onProgress: (progress: RelayProgress) => void;
  readonly onPart: NonNullable<PollOptions["onPart"]>;
  readonly onPending: NonNullable<PollOptions["onPending"]>;
  /** How far it came. */
  readonly progress: RelayProgress;
  /** Takes the line of progress away. */
  end(): void;
}

/** Shows how far a relay is on standard error, when that is a terminal. */
export function watchRelay(environment: Environment, quiet: boolean): RelayWatcher {
  const line = createProgress(environment, environment.output.errIsTerminal && !quiet);
  let progress: RelayProgress = { polled: 0, bytes: 0, pushed: 0 };
  let part = 1;
  return {
    onProgress(next) {
      progress = next;
      line.show({ blocks: next.polled, bytes: next.bytes, part });
    },
    onPart(received) {
      part = received.resultPartNumber;
      if (received.message !== undefined && !quiet) line.note(`The server says: ${received.message}`);
    },
    onPending(_status, delay) {
      if (!quiet) line.note(`The result takes time; asking again in ${Math.ceil(delay / 1000)} s.`);
    },
    get progress() {
      return progress;
    },
    end: () => line.end(),
  };
}

/** One line about a relay, done or broken off; undefined as report for the latter. */
export function relaySummary(collection: string, { polled, bytes, pushed }: RelayProgress, report: RelayReport | undefined): string {
  const { end, unsigned = 0 } = report ?? {};
  return [
    `${countText(polled)} (${sizeText(bytes)}) of ${collection}, ${pushed === polled ? "all" : countText(pushed)} taken by the inbox`,
    ...(end === undefined ? [] : [`complete up to ${end}`]),
    ...(unsigned === 0 ? [] : [`${countText(unsigned)} without the signature, which goes with the label; --keep-labels keeps both`]),
  ].join("; ");
}

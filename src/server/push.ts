/** Pushing: what a server promises, and to whom. The delivery itself is done by a worker (`taxii/delivery`). */

import type { PushParameter } from "../../generated/taxii11/index.js";
import type { Account } from "./access.js";

/** Which pushes a server is able and willing to do. */
export interface PushPolicy {
  /** Protocol bindings it can push over. */
  readonly protocolBindings: readonly string[];
  /** Message bindings it can push. */
  readonly messageBindings: readonly string[];
  /**
   * Decides about an address (SVC-SUB-026, SEC-PUSH-001, SEC-PUSH-002).
   *
   * @throws StatusError `UNSUPPORTED_PROTOCOL`, `UNSUPPORTED_MESSAGE` or `DENIED`, to be sent as it is
   */
  check(target: PushParameter, account: Account | undefined): void | Promise<void>;
}

/** A server's settings, as each of its requests finds them. */

import type { MessageFormat } from "../http/headers.js";
import type { Storage } from "../storage/index.js";
import type { Limits } from "../xml/limits.js";
import type { Authenticate, Authorize } from "./access.js";
import type { Emit } from "./events.js";
import type { PushPolicy } from "./push.js";
import type { Routes } from "./routes.js";
import type { Load, Throttle } from "./throttle.js";

/** A failure that its cause was kept from the peer for. */
export interface Failure {
  /** What was thrown. */
  readonly error: unknown;
  /** Unique to the request; undefined for what no request is behind, such as an observer's fault. */
  readonly requestId: string | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
}

/** What a request is answered with. The same during the whole request, whatever is set meanwhile. */
export interface Host {
  readonly storage: Storage;
  readonly routes: Routes;
  /** Without final slash. */
  readonly publicUrl: string | undefined;
  readonly authenticate: Authenticate | undefined;
  readonly authorize: Authorize;
  readonly push: PushPolicy | undefined;
  readonly formats: readonly MessageFormat[];
  readonly maxRequestBytes: number;
  readonly limits: Partial<Limits>;
  readonly unauthorizedStatus: 401 | 200;
  readonly challenge: string;
  readonly throttle: Throttle;
  readonly load: Load;
  readonly emit: Emit;
  /** Tells the owner of a failure. Never throws. */
  readonly report: (failure: Failure) => void;
  readonly now: () => number;
}

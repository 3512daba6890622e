/** How much of a server each peer may use, and all of them together. */

/** Limits on use. Those per peer are off unless given. */
export interface ThrottleOptions {
  /** Requests per second of one account, or of one address where nobody in particular asks. Default: no limit. */
  readonly rate?: number | undefined;
  /** Requests that may come at once before `rate` counts. Default: twice `rate`, at least one. */
  readonly burst?: number | undefined;
  /** Requests of one account or address that are answered at the same time. Default: no limit. */
  readonly concurrent?: number | undefined;
  /** Accounts and addresses that are remembered; those unused for longest are forgotten. Default: 10,000. */
  readonly maxPeers?: number | undefined;
  /** Requests that are answered at the same time, of whomever. Default: 1,000. */
  readonly maxRequests?: number | undefined;
  /** Bytes of requests' bodies that are held at the same time, unpacked, beyond 64 KiB of each. Default: five times the largest body. */
  readonly maxBytes?: number | undefined;
}

/** What one peer uses. */
interface Use {
  /** Requests that may come at once, as of `updated`. */
  tokens: number;
  updated: number;
  running: number;
}

/** A request that was let in. To be released when its answer is out. */
export interface Admission {
  release(): void;
}

/** A request that was not let in. */
export interface Wait {
  /** Whole seconds after which it makes sense to ask again, at least one. */
  readonly seconds: number;
}

/** Counts the requests of each peer in bounded memory. */
export class Throttle {
  readonly #rate: number;
  readonly #burst: number;
  readonly #concurrent: number;
  readonly #maxPeers: number;
  readonly #now: () => number;
  /** In the order of their last use. */
  readonly #uses = new Map<string, Use>();

  /** @throws RangeError for limits that let nothing through */
  constructor(options: ThrottleOptions, now: () => number) {
    this.#rate = positive("rate", options.rate ?? Number.POSITIVE_INFINITY);
    this.#burst = positive("burst", options.burst ?? Math.max(1, 2 * this.#rate), 1);
    this.#concurrent = positive("concurrent", options.concurrent ?? Number.POSITIVE_INFINITY, 1);
    this.#maxPeers = positive("maxPeers", options.maxPeers ?? 10_000, 1);
    this.#now = now;
  }

  /** How many peers are remembered. */
  get size(): number {
    return this.#uses.size;
  }

  /** Lets a request of `peer` in, or says how long it has to wait. */
  admit(peer: string): Admission | Wait {
    if (!this.#isLimited) return unlimited;
    const use = this.#use(peer);
    if (use.running >= this.#concurrent) return { seconds: 1 };
    if (use.tokens < 1) return { seconds: this.#secondsUntilNext(use) };
    use.tokens -= 1;
    use.running += 1;
    return { release: once(() => void use.running--) };
  }

  /** How long a peer has to wait that has used up its rate; undefined when it may come. Counts as no request. */
  waitOf(peer: string): Wait | undefined {
    if (this.#rate === Number.POSITIVE_INFINITY) return undefined;
    const use = this.#use(peer);
    return use.tokens < 1 ? { seconds: this.#secondsUntilNext(use) } : undefined;
  }

  get #isLimited(): boolean {
    return Number.isFinite(this.#rate) || Number.isFinite(this.#concurrent);
  }

  #secondsUntilNext({ tokens }: Use): number {
    return Math.max(1, Math.ceil((1 - tokens) / this.#rate));
  }

  #use(peer: string): Use {
    const now = this.#now();
    const use = this.#uses.get(peer) ?? { tokens: this.#burst, updated: now, running: 0 };
    // A clock that is set back gives nothing, and takes nothing.
    const elapsed = Math.max(0, now - use.updated) / 1000;
    use.tokens = Math.min(this.#burst, use.tokens + (elapsed === 0 ? 0 : elapsed * this.#rate));
    use.updated = now;
    this.#uses.delete(peer);
    this.#uses.set(peer, use);
    if (this.#uses.size > this.#maxPeers) this.#forget();
    return use;
  }

  /** Forgets the one unused for longest. One that is being answered keeps its count: it is held by the answer. */
  #forget(): void {
    const [oldest] = this.#uses.keys();
    if (oldest !== undefined) this.#uses.delete(oldest);
  }
}

/** Counts what all requests use together. */
export class Load {
  readonly #maxRequests: number;
  readonly #maxBytes: number;
  #requests = 0;
  #bytes = 0;

  /** @throws RangeError for limits that let nothing through */
  constructor({ maxRequests = 1000, maxBytes = Number.POSITIVE_INFINITY }: ThrottleOptions) {
    this.#maxRequests = positive("maxRequests", maxRequests, 1);
    this.#maxBytes = positive("maxBytes", maxBytes, 1);
  }

  /** Requests that are being answered. */
  get requests(): number {
    return this.#requests;
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Lets a request in; undefined when there are too many. */
  enter(): LoadShare | undefined {
    if (this.#requests >= this.#maxRequests) return undefined;
    this.#requests += 1;
    let size = 0;
    let held = 0;
    return {
      reserve: (bytes) => {
        const more = Math.max(0, size + bytes - freeBytes) - held;
        if (more > 0 && this.#bytes + more > this.#maxBytes) return false;
        this.#bytes += more;
        held += more;
        size += bytes;
        return true;
      },
      release: once(() => {
        this.#requests -= 1;
        this.#bytes -= held;
      }),
    };
  }
}

// Bytes of each request that do not count: a few peers that send much, slowly, must not keep out all others. What is held by them
// is bounded by the number of requests.
const freeBytes = 64 * 1024;

/** What one request has of the load. */
export interface LoadShare extends Admission {
  /** Holds so many bytes more; false when they are too many for all requests together. */
  reserve(bytes: number): boolean;
}

const unlimited: Admission = { release: () => undefined };

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

function positive(name: string, value: number, least = 0): number {
  if (value > 0 && value >= least) return value;
  throw new RangeError(`throttle.${name} has to be ${least === 0 ? "greater than 0" : `at least ${least}`}, found ${value}`);
}

/** By what name the requests of an address are counted: an IPv6 network of 64 bits counts as one, as it usually is one customer's. */
export function peerKey(address: string | undefined): string {
  if (address?.includes(":") !== true) return `address ${address ?? ""}`;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  const whole =
    tail === undefined ? groups : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - behind.length)).fill("0"), ...behind];
  return `address ${whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase())
    .join(":")}::/64`;
}

/** Where the server listens, and how. */

import { z } from "zod";
import { count, file, flag, keys, oneOf, port, seconds, section, text } from "./fields.js";

const tls = keys({
  /** The certificate with those above it, PEM. */
  certificate: file,
  /** Its key, PEM. */
  key: file,
  keyPassword: text.optional(),
  keyPasswordFile: file.optional(),
  /** Who vouches for client certificates, PEM. */
  ca: file.optional(),
  clientCertificates: oneOf(["none", "request", "require"]).default("none"),
  minVersion: oneOf(["TLSv1.2", "TLSv1.3"]).default("TLSv1.2"),
})
  .refine(({ clientCertificates, ca }) => clientCertificates === "none" || ca !== undefined, {
    path: ["ca"],
    message: "client certificates need the authorities that vouch for them",
  })
  .refine(({ keyPassword, keyPasswordFile }) => keyPassword === undefined || keyPasswordFile === undefined, {
    path: ["keyPasswordFile"],
    message: "the password is given twice: itself, and as a file",
  });

export const listen = section({
  /** The address to listen on; the default is this machine only. Without it, `host` at the top counts. */
  host: text.optional(),
  port: port.optional(),
  tls: tls.optional(),
  /** Seconds. */
  timeouts: section({
    /** For the head of a request. */
    headers: seconds.default(30),
    /** For a request to arrive whole, body included. */
    request: seconds.default(300),
    /** For a peer that takes nothing of its answer. */
    idle: seconds.default(120),
    /** For a connection to be used again. */
    keepAlive: seconds.default(10),
    /** Between /readyz saying no and the last request that is taken, for load balancers to notice. */
    drain: z.number("expected a number of seconds").min(0, "expected a number of seconds of at least 0").default(0),
    /** For requests that are being answered, and messages that are being pushed, when the server is told to stop. */
    grace: seconds.default(10),
  }),
  maxConnections: count().default(10_000),
  /** Bytes of the head of a request. */
  maxHeaderSize: count(1024).default(16 * 1024),
});

/** TLS, as configured. */
export type TlsConfig = z.infer<typeof tls>;

/** How a worker, or a server that measures itself, can be asked how it is. */
export const metrics = section({
  /** The port of a listener of their own: /metrics, /healthz, /readyz. */
  port: port.optional(),
  /** The address of that listener; the default is this machine only. */
  host: text.default("127.0.0.1"),
  /** Whether /metrics is served on the server's own port, to everybody. */
  onServerPort: flag.default(false),
});

export const health = section({
  /** Whether /healthz and /readyz are served on the server's own port. */
  onServerPort: flag.default(true),
  /** How long deliveries may be due and not taken up before /readyz of a worker says so. */
  maxLag: seconds.default(3600),
});

/** Connections, direct and through a proxy, as undici asks for them. */

import { isIP, type Socket, connect as tcpConnect } from "node:net";
import type { Duplex } from "node:stream";
import { type DetailedPeerCertificate, type TLSSocket, connect as tlsConnect } from "node:tls";
import { type buildConnector, errors, type Pool } from "undici";
import { statusTypeOf, TransportError } from "../../http/transport-error.js";
import { printable } from "../../message/status-error.js";
import type { Proxy } from "./proxy.js";
import { toHeaders } from "./response.js";
import type { Security } from "./tls.js";

/** Makes a connection that is ready to be talked over. */
export type Connect = (to: buildConnector.Options) => Promise<Socket>;

/** How undici wants it. */
export function toConnector(connect: Connect): buildConnector.connector {
  return (options, callback) => {
    connect(options).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error("no connection", { cause: error }), null),
    );
  };
}

/** Connects to the host itself. @param timeout milliseconds, TLS included */
export function direct(security: Security, timeout: number): Connect {
  return ({ protocol, hostname, port }) => {
    if (protocol === "https:") return secured(hostname, Number(port) || 443, security, timeout, undefined);
    return ready(tcpConnect({ ...happyEyeballs, host: hostname, port: Number(port) || 80 }), "connect", timeout);
  };
}

/** Connects to a proxy. @throws TransportError that says it was the proxy that could not be reached */
export function toProxy(proxy: Proxy, security: Security, timeout: number): Connect {
  const connect = direct(security, timeout);
  return async (to) => {
    try {
      return await connect(to);
    } catch (cause) {
      throw unreachable(proxy, cause);
    }
  };
}

/**
 * Has a proxy connect to the host, and speaks TLS with the host through it.
 *
 * @param timeout milliseconds for each step: the proxy's connection, its answer (which is the pool's affair), and TLS
 * @throws TransportError when the proxy refuses, with its HTTP status and what that stands for (HTTP-MAP-005, HTTP-MAP-007)
 */
export function throughProxy(proxy: Proxy, pool: Pool, security: Security, timeout: number): Connect {
  return async ({ host, hostname, port }) => {
    const authority = `${host ?? hostname}${port === "" ? ":443" : ""}`;
    const socket = await tunnelTo(authority, proxy, pool);
    return secured(hostname, Number(port) || 443, security, timeout, socket);
  };
}

async function tunnelTo(authority: string, proxy: Proxy, pool: Pool): Promise<Duplex> {
  const headers = { host: authority, ...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }) };
  const {
    statusCode,
    headers: fields,
    socket,
  } = await pool.connect({ path: authority, headers }).catch((cause: unknown) => {
    throw cause instanceof TransportError ? cause : unreachable(proxy, cause);
  });
  if (statusCode >= 200 && statusCode < 300) return socket;
  socket.on("error", () => undefined).destroy();
  throw new TransportError("NOT_TAXII", `the proxy ${proxy.origin} refused to connect to ${authority}, with HTTP ${statusCode}`, {
    status: statusCode,
    headers: toHeaders(fields),
    statusType: statusTypeOf(statusCode),
  });
}

function unreachable(proxy: Proxy, cause: unknown): TransportError {
  const reason = cause instanceof Error && cause.message !== "" ? `: ${printable(cause.message)}` : "";
  return new TransportError("NETWORK", `the proxy ${proxy.origin} could not be reached${reason}`, { cause });
}

/** Tries the addresses of a host one after another, a second each, but the last for as long as there is time. */
const happyEyeballs = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000 };

async function secured(hostname: string, port: number, security: Security, timeout: number, through: Duplex | undefined): Promise<Socket> {
  const { secureContext, rejectUnauthorized } = security;
  const servername = security.servername ?? (isIP(hostname) === 0 ? hostname : undefined);
  const socket = tlsConnect({
    ...happyEyeballs,
    host: hostname,
    port,
    ...(servername === undefined ? {} : { servername }),
    secureContext,
    rejectUnauthorized,
    ALPNProtocols: ["http/1.1"],
    ...(through === undefined ? {} : { socket: through }),
  });
  const peer = rememberPeer(socket);
  try {
    return await ready(socket, "secureConnect", timeout);
  } catch (error) {
    if (error instanceof Error && !("cert" in error) && peer.cert !== undefined) {
      // Node's error has the certificate only when it is its names that are wrong. It is large, and of no use in a log.
      Object.defineProperty(error, "cert", { value: peer.cert });
    }
    throw error;
  }
}

/** Keeps the certificate of the peer, which is gone by the time the error comes. */
function rememberPeer(socket: TLSSocket): { cert: DetailedPeerCertificate | undefined } {
  const peer: { cert: DetailedPeerCertificate | undefined } = { cert: undefined };
  // Comes before the certificate is judged.
  socket.prependOnceListener("secure", () => {
    const cert = socket.getPeerCertificate(true);
    if (cert.subject !== undefined) peer.cert = cert;
  });
  return peer;
}

function ready(socket: Socket, event: "connect" | "secureConnect", timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const late = (): void => void socket.destroy(new errors.ConnectTimeoutError(`no connection within ${timeout} ms`));
    const timer = Number.isFinite(timeout) ? setTimeout(late, timeout) : undefined;
    socket.setNoDelay(true).setKeepAlive(true, 60_000);
    socket.once(event, () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.on("error", (error) => {
      clearTimeout(timer);
      reject(explained(error));
      // An alert behind the handshake, where TLS 1.3 refuses client certificates, does not end the connection by itself, and
      // undici would report the end that follows instead.
      socket.destroy(error);
    });
  });
}

/** When no address of a host answers, Node says why for each, but not in the message. */
function explained(error: Error): Error {
  if (error instanceof AggregateError && error.message === "") {
    error.message = error.errors.map((one: unknown) => (one instanceof Error ? one.message : "")).join("; ");
  }
  return error;
}

/** What a server must not do by accident: talk in clear text to others, or let everybody do everything. */

import { isIP } from "node:net";
import { protocols } from "../../../constants.js";
import { protocolOf } from "../../../http/headers.js";
import type { ServerConfig } from "./schema.js";

type Judged = Pick<ServerConfig, "listen" | "publicUrl" | "trustedProxies" | "insecure" | "accounts">;

/** Why a server must not start like this, a sentence for each reason. Empty when it may. */
export function dangersOf(config: Judged): readonly string[] {
  const { listen, publicUrl, trustedProxies, insecure, accounts } = config;
  const reachable = !isLoopback(listen.host);
  const behindTls =
    listen.tls !== undefined || (publicUrl !== undefined && protocolOf(publicUrl) === protocols.https) || trustedProxies.length > 0;
  const exposed = reachable || (publicUrl !== undefined && !isLoopback(new URL(publicUrl).hostname)) || trustedProxies.length > 0;
  return [
    reachable && !behindTls && !insecure
      ? `listen.host ${JSON.stringify(listen.host)} can be reached from elsewhere, and credentials and content would go in clear text. ` +
        "Give listen.tls; or publicUrl with https, or trustedProxies, when a proxy ends TLS; or say insecure: true."
      : "",
    exposed && accounts.authentication === undefined && !insecure
      ? "the server can be reached from elsewhere, and everybody could read and write everything. " +
        "Say accounts.authentication: accounts; or none when that is what you want."
      : "",
  ].filter((danger) => danger !== "");
}

function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (isIP(name) === 4) return name.startsWith("127.");
  return name === "::1" || name === "localhost";
}

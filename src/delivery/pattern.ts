/** Patterns of addresses, as operators write them into allow-lists. */

/** Tells whether an address is meant. */
export interface AddressPattern {
  /** Whether the URL is meant, given which ports are usual beside the default port of its scheme. */
  matches(url: URL, ports?: ReadonlySet<number>): boolean;
  /** Whether http is meant explicitly. */
  readonly http: boolean;
}

/**
 * Reads a pattern. Its forms:
 *
 * - `https://host` or `https://host:port`: an origin;
 * - `https://host/path`: an address and everything below it, `https://host/path/inbox`, with whatever query;
 * - `host` or `host:port`: a name, or an IP address, with every path;
 * - `*.example.com` or `*.example.com:port`: every name below `example.com`, but not that itself;
 * - `*`: every host.
 *
 * Names are compared as URLs have them: in lower case, international ones in their ASCII form. Without a port that of the
 * scheme is meant. Forms without scheme are for https, and for http where that is allowed at all.
 *
 * @throws TypeError for what is none of these
 */
export function addressPattern(text: string): AddressPattern {
  if (/^https?:\/\//i.test(text)) return urlPattern(text);
  if (text === "*") return { http: false, matches: (url, ports) => isUsualPort(url, ports) };
  const wildcard = text.startsWith("*.");
  const { hostname, port } = parseHost(wildcard ? text.slice(2) : text, text);
  const isHost = wildcard ? (name: string) => name.endsWith(`.${hostname}`) : (name: string) => name === hostname;
  const isPort = port === "" ? isUsualPort : (url: URL) => portOf(url) === port;
  return { http: false, matches: (url, ports) => isHost(url.hostname) && isPort(url, ports) };
}

function urlPattern(text: string): AddressPattern {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "" || url.hostname.includes("*"))
    throw new TypeError(`expected an http or https URL without credentials, query and fragment, found ${shown(text)}`);
  const { origin, pathname } = url;
  const folder = pathname.endsWith("/") ? pathname : `${pathname}/`;
  return {
    http: url.protocol === "http:",
    matches: (target) => target.origin === origin && isBelow(target.pathname, pathname, folder),
  };
}

/** Some servers take an escaped slash for a slash, and would be led out of the folder by `..%2f`. */
function isBelow(path: string, top: string, folder: string): boolean {
  return path === top || (path.startsWith(folder) && (folder === "/" || !/%2f|%5c/i.test(path)));
}

function parseHost(host: string, text: string): { readonly hostname: string; readonly port: string } {
  const asUrl = `https://${host}`;
  const url = /[/?#@*\\\s]/.test(host) || !URL.canParse(asUrl) ? undefined : new URL(asUrl);
  if (url === undefined || url.hostname.endsWith("."))
    throw new TypeError(`expected a URL, a host such as taxii.example.com, or a pattern such as *.example.com, found ${shown(text)}`);
  // A URL drops the default port of its scheme; whoever writes it means it.
  return { hostname: url.hostname, port: /:443$/.test(host) ? "443" : url.port };
}

/** A pattern in an error, without what may be a password. */
function shown(text: string): string {
  return JSON.stringify(text.replace(/\/\/[^/]*@/, "//…@").slice(0, 200));
}

function isUsualPort(url: URL, ports?: ReadonlySet<number>): boolean {
  return url.port === "" || ports?.has(Number(url.port)) === true;
}

function portOf({ port, protocol }: URL): string {
  if (port !== "") return port;
  return protocol === "https:" ? "443" : "80";
}

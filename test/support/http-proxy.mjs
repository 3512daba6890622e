// A proxy of its own process: `node http-proxy.mjs [USER:PASSWORD]`. Prints its port, then a line for each request, and takes
// any host for this machine. Port 9 of any host is refused with HTTP 403.

import { RequestError, Server } from "proxy-chain";

const [, , credentials = ""] = process.argv;

const server = new Server({
  host: "127.0.0.1",
  port: 0,
  prepareRequestFunction({ username, password, hostname, port, isHttp }) {
    process.stdout.write(`${isHttp ? "forward" : "connect"} ${hostname}:${port}\n`);
    if (port === 9) throw new RequestError("not that port", 403);
    return {
      requestAuthentication: credentials !== "" && `${username}:${password}` !== credentials,
      dnsLookup: (_name, options, callback) =>
        options.all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4),
    };
  },
});

await server.listen();
process.stdout.write(`${server.port}\n`);
// The test that started it is gone.
process.stdin.on("end", () => process.exit()).resume();

/** To whom content is pushed, and as whom. */

import { z } from "zod";
import { count, file, flag, keys, list, port, seconds, section, text } from "./fields.js";

const credentials = keys({
  /** The targets: a URL and what is below it, a host, or `*.example.com`. */
  targets: list(text).min(1, "expected at least one target"),
  username: text.optional(),
  password: z.string("expected a text; put it in quotes").optional(),
  passwordFile: file.optional(),
  token: text.optional(),
  tokenFile: file.optional(),
  /** A client certificate and its key, PEM. */
  certificate: file.optional(),
  key: file.optional(),
  keyPassword: z.string("expected a text; put it in quotes").optional(),
  keyPasswordFile: file.optional(),
}).superRefine((given, context) => {
  const refuse = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
  for (const secret of ["password", "token", "keyPassword"] as const)
    if (given[secret] !== undefined && given[`${secret}File`] !== undefined)
      refuse(`${secret}File`, "it is given twice: itself, and as a file");
  const password = given.password ?? given.passwordFile;
  if ((given.username === undefined) !== (password === undefined)) refuse("username", "user name and password go together");
  if (given.username !== undefined && (given.token ?? given.tokenFile) !== undefined)
    refuse("token", "expected a user name or a token, not both");
  if ((given.certificate === undefined) !== (given.key === undefined)) refuse("key", "certificate and key go together");
});

export const push = section({
  /** Who may be pushed to; empty for nobody. A URL and what is below it, a host, `*.example.com`, or `*`. */
  allow: list(text).default([]),
  /** Whether content may go over plain http. */
  allowHttp: flag.default(false),
  /** Addresses and networks that are connected to although they are not public. */
  allowPrivate: list(text).default([]),
  /** Ports that are usual beside that of the scheme. */
  ports: list(port).default([]),
  /** As whom. The first entry that fits a target counts. */
  credentials: list(credentials).default([]),
  /** Whom to trust beside the usual authorities, PEM. */
  ca: file.optional(),
  /** Failures after which a delivery is put aside. */
  attempts: count().default(20),
  /** Seconds before the first repetition; each further one takes twice as long, up to the longest. */
  minDelay: seconds.default(5),
  maxDelay: seconds.default(3600),
  /** Content blocks in one message. */
  maxBlocks: count().default(1000),
  /** Characters of content in one message; a block that is larger goes alone. */
  maxSize: count().default(8 * 1024 * 1024),
  /** Deliveries of one process at the same time to one origin. */
  perOrigin: count().default(1),
  /** Seconds for a connection. */
  connectTimeout: seconds.default(10),
  /** Seconds for one message. */
  timeout: seconds.default(120),
});

export type PushConfig = z.infer<typeof push>;
export type PushCredentials = z.infer<typeof credentials>;

/** Who may do what. */

import { z } from "zod";
import { count, flag, oneOf, permissions, section } from "./fields.js";

export const accounts = section({
  /**
   * Whether peers have accounts, in the database. With `none` everybody may do everything, which has to be said when others than
   * this machine can reach the server.
   */
  authentication: oneOf(["none", "accounts"]).optional(),
  /** What nobody in particular may do. */
  anonymous: permissions.default({}),
  /** What the login is called towards people. */
  realm: z
    .string("expected a text")
    .regex(/^[\x20-\x7e]*$/, "expected a text of ASCII characters")
    .default("taxii"),
  /** HTTP status of UNAUTHORIZED; some clients read the message only when it is 200. */
  unauthorizedStatus: z.literal([401, 200], "expected 401 or 200").default(401),
  /** Seconds that verified credentials are remembered. */
  cacheSeconds: z.number("expected a number of seconds").min(0, "expected a number of seconds of at least 0").default(60),
  /** Whether client certificates identify accounts. */
  certificates: flag.default(true),
  /** Whether failed logins slow down further ones from there. */
  lockout: flag.default(true),
  /** Passwords that are hashed at once. */
  maxHashing: count().default(4),
});

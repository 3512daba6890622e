/** The client, over fetch; runs anywhere fetch does. */

export { TransportError, type TransportErrorCode } from "../http/transport-error.js";
export type { ReplyTo, Request11 } from "../message/exchanges.js";
export { StatusError } from "../message/status-error.js";
export { type Auth, basic } from "./auth.js";
export { type Client, createClient, type PushOptions, type SendOptions } from "./client.js";
export type { CallOptions, ClientOptions, Fetch } from "./options.js";
export type { Poll, PollOptions } from "./poll.js";

/** The client, over fetch; runs anywhere fetch does. */

export { TransportError, type TransportErrorCode } from "../http/transport-error.js";
export type { AnyMessage, AnyRequest, ReplyTo, Request10, Request11 } from "../message/exchanges.js";
export { StatusError } from "../message/status-error.js";
export { NotInVersion10Error } from "../message/versions/index.js";
export type { MissingSupport } from "../query/advertised.js";
export type {
  Client,
  FulfilOptions,
  PollPartOptions,
  PushOptions,
  PushOutcome,
  PushReport,
  SubscribeOptions,
} from "./api.js";
export { type Auth, type AuthContext, type AuthScheme, basic, bearer, type Credentials, header, type JwtLogin, jwtLogin } from "./auth.js";
export { createClient } from "./client.js";
export { isSynthetic, type MessageFromResponseOptions, messageFromError, messageFromResponse } from "./message-from-response.js";
export type { CallOptions, ClientOptions, ClientWarning, Fetch, OnWarning, RetryOptions, Timeouts } from "./options.js";
export type { Duration, LabelRange, Poll, PollOptions, WaitOptions } from "./poll/options.js";
export type { QueryPlace } from "./poll/query-place.js";
export { memoryState, type PollState, type StateStore } from "./poll/state.js";
export { PushError } from "./push.js";
export { type QueryCheck, type UnsupportedQueryCode, UnsupportedQueryError } from "./query-check.js";
export { type RequestOptions, requestFor } from "./request.js";
